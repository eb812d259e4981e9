package webapp.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The Runtime API of one process, with a stop-watch. The function host of {@code local} has one too; this one stamps the time next to the
 * socket, on the thread that reads and writes it, so that a warm call of 300 microseconds is measured without a change of threads.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
final class RuntimeStub implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String CREDENTIALS = "/credentials";
    private static final int TIMEOUT_SECONDS = 30;

    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch initialised = new CountDownLatch(1);
    private final CountDownLatch checkpoint = new CountDownLatch(1);
    private final CountDownLatch restore = new CountDownLatch(1);
    private final int functionTimeout;
    private volatile long initialisedNanos;
    private volatile long restoredNanos;
    private volatile long sentNanos;

    /**
     * What a function said to one event.
     *
     * @param sentNanos when the event was about to be written, on the clock of {@link System#nanoTime()}
     * @param receivedNanos when the last byte of the answer was read
     * @param failed whether it is an error
     */
    record Answer(long sentNanos, long receivedNanos, boolean failed, String body) {
        long nanos() {
            return receivedNanos - sentNanos;
        }
    }

    /** @param functionTimeout in seconds */
    RuntimeStub(int functionTimeout) throws IOException {
        this.functionTimeout = functionTimeout;
        Thread.ofPlatform().daemon().name("runtime stub").start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    String credentialsUri() {
        return "http://" + address() + CREDENTIALS;
    }

    void offer(byte[] event) {
        events.add(event);
    }

    /** @return null when there is no answer within half a minute */
    Answer answer() throws InterruptedException {
        return answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until the hooks before the checkpoint have run; false when they have not within half a minute. */
    boolean awaitCheckpoint() throws InterruptedException {
        return checkpoint.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets the process go on, as a restored one does. */
    void restore() {
        restore.countDown();
    }

    /** When the process asked for its first event. */
    long initialisedNanos() {
        return initialisedNanos;
    }

    /** When the process was told that it is restored. */
    long restoredNanos() {
        return restoredNanos;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                Thread.ofPlatform().daemon().name("runtime stub connection").start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            // Without it each answer would wait for the acknowledgement of the one before, up to 40 ms.
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            while (true) {
                String[] head = head(in);
                byte[] body = in.readNBytes(contentLength(head));
                long now = System.nanoTime();
                String path = head[0].split(" ")[1];
                if (path.equals(ROOT + "invocation/next")) {
                    next(out, now);
                } else if (path.endsWith("/response") || path.endsWith("/error")) {
                    answers.add(new Answer(sentNanos, now, path.endsWith("/error"), new String(body, StandardCharsets.UTF_8)));
                    write(out, 202, "", new byte[0]);
                } else if (path.equals(ROOT + "restore/next")) {
                    checkpoint.countDown();
                    restore.await();
                    restoredNanos = System.nanoTime();
                    write(out, 200, "", new byte[0]);
                } else if (path.equals(CREDENTIALS)) {
                    write(out, 200, "", TestBed.CREDENTIALS_JSON.getBytes(StandardCharsets.UTF_8));
                } else {
                    write(out, 404, "", new byte[0]);
                }
            }
        } catch (IOException e) {
            // The process ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(OutputStream out, long now) throws IOException, InterruptedException {
        if (initialised.getCount() > 0) {
            initialisedNanos = now;
            initialised.countDown();
        }
        byte[] event = events.take();
        String headers = "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
                + "Lambda-Runtime-Deadline-Ms: " + (System.currentTimeMillis() + 1000L * functionTimeout) + "\r\n"
                + "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:" + TestBed.REGION + ":000000000000:function:users:live\r\n";
        sentNanos = System.nanoTime();
        write(out, 200, headers, event);
    }

    private static String[] head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.append((char) next);
        }
        return head.toString().split("\r\n");
    }

    private static int contentLength(String[] head) {
        for (String line : head) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, "Content-Length:".length())) {
                return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }

    private static void write(OutputStream out, int status, String headers, byte[] body) throws IOException {
        byte[] head = ("HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] answer = new byte[head.length + body.length];
        System.arraycopy(head, 0, answer, 0, head.length);
        System.arraycopy(body, 0, answer, head.length, body.length);
        out.write(answer);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
