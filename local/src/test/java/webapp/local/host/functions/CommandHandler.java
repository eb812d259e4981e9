package webapp.local.host.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Does what the event's {@code command} says, with its {@code argument}. */
public final class CommandHandler implements RequestHandler<Map<String, String>, Map<String, Object>> {
    private static int invocations;

    @Override
    public Map<String, Object> handleRequest(Map<String, String> event, Context context) {
        String argument = event.get("argument");
        return switch (event.get("command")) {
            case "identify" -> Map.of("process", ProcessHandle.current().pid(), "invocations", ++invocations, "marker", marker());
            case "environment" -> Map.copyOf(System.getenv());
            case "properties" -> properties();
            case "context" -> Map.of("requestId", context.getAwsRequestId(), "arn", context.getInvokedFunctionArn(),
                    "memory", context.getMemoryLimitInMB(), "remaining", context.getRemainingTimeInMillis());
            case "resolve" -> resolve(argument);
            case "log" -> log(argument, context);
            case "sleep" -> sleep(Long.parseLong(argument));
            case "exit" -> exit(Integer.parseInt(argument));
            case "fail" -> throw new IllegalArgumentException(argument);
            case "allocate" -> allocate();
            case "reserve" -> reserve();
            case "answer" -> Map.of("answer", "x".repeat(Integer.parseInt(argument)));
            default -> throw new UnsupportedOperationException(event.toString());
        };
    }

    private static String marker() {
        try (InputStream in = CommandHandler.class.getResourceAsStream("/marker.txt")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Reading marker.txt", e);
        }
    }

    private static Map<String, Object> properties() {
        return Map.of("java.io.tmpdir", System.getProperty("java.io.tmpdir"), "user.home", System.getProperty("user.home"),
                "user.dir", System.getProperty("user.dir"), "set.from.outside", System.getProperty("set.from.outside", ""),
                "maximumHeap", Runtime.getRuntime().maxMemory());
    }

    private static Map<String, Object> resolve(String host) {
        try {
            return Map.of("process", ProcessHandle.current().pid(), "address", InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException e) {
            return Map.of("process", ProcessHandle.current().pid(), "address", "unknown");
        }
    }

    private static Map<String, Object> log(String line, Context context) {
        System.out.println("printed " + line);
        context.getLogger().log("logged " + line);
        return Map.of();
    }

    private static Map<String, Object> sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts a handler", e);
        }
        return Map.of("process", ProcessHandle.current().pid());
    }

    private static Map<String, Object> exit(int status) {
        System.exit(status);
        return Map.of();
    }

    /** Memory that is not the heap's, a page of it after the other. */
    private static Map<String, Object> reserve() {
        List<ByteBuffer> kept = new ArrayList<>();
        while (true) {
            ByteBuffer block = ByteBuffer.allocateDirect(1024 * 1024);
            for (int page = 0; page < block.capacity(); page += 4096) {
                block.put(page, (byte) 1);
            }
            kept.add(block);
            sleep(5);
        }
    }

    private static Map<String, Object> allocate() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[1024 * 1024]);
        }
    }
}
