package webapp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import webapp.api.users.UsersHandler;

/** That what the benchmark calls a restore is one: both hooks ran, the first warmed the function up and let go of its connection. */
class RestoreTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final Path WORK = Path.of("target", "restore").toAbsolutePath();

    private static TestBed testBed;
    private static Variants variants;

    /** The function as built, and beside it, in the same context, one who writes down which hooks the runtime calls. */
    public static final class WatchedHandler implements RequestStreamHandler, Resource {
        private final StringBuffer steps = new StringBuffer("constructed");
        private final UsersHandler users = new UsersHandler();

        public WatchedHandler() {
            Core.getGlobalContext().register(this);
        }

        @Override
        public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
            steps.append(" beforeCheckpoint");
        }

        @Override
        public void afterRestore(org.crac.Context<? extends Resource> context) {
            steps.append(" afterRestore");
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            users.handleRequest(input, OutputStream.nullOutputStream(), context);
            output.write(('"' + steps.toString() + '"').getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Keeps its generators as a snapshot would, in the form they are written to a stream in, and answers with what each says after two
     * restores: the JDK's default, which our functions use, and one whose numbers come from its own state.
     */
    public static final class RandomHandler implements RequestStreamHandler, Resource {
        private final SecureRandom usual = new SecureRandom();
        private final SecureRandom stateful = SecureRandom.getInstance("SHA1PRNG");
        private final UsersHandler users = new UsersHandler();
        private byte[] snapshot;

        public RandomHandler() throws NoSuchAlgorithmException {
            Core.getGlobalContext().register(this);
        }

        @Override
        public void beforeCheckpoint(org.crac.Context<? extends Resource> context) throws IOException {
            usual.nextInt();
            stateful.nextInt();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(List.of(usual, stateful));
            }
            snapshot = bytes.toByteArray();
        }

        @Override
        public void afterRestore(org.crac.Context<? extends Resource> context) {}

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            users.handleRequest(input, OutputStream.nullOutputStream(), context);
            long[] one = restored();
            long[] other = restored();
            String answer = usual.getAlgorithm() + (one[0] == other[0] ? " the same, " : " others, ")
                    + stateful.getAlgorithm() + (one[1] == other[1] ? " the same" : " others");
            output.write(('"' + answer + '"').getBytes(StandardCharsets.UTF_8));
        }

        private long[] restored() throws IOException {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(snapshot))) {
                return ((List<?>) in.readObject()).stream().mapToLong(generator -> ((SecureRandom) generator).nextLong()).toArray();
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        testBed = new TestBed(CHECKOUT, WORK);
        variants = new Variants(CHECKOUT, WORK, testBed, Processors.last());
    }

    @AfterAll
    static void stop() throws Exception {
        testBed.close();
    }

    @Test
    void bothHooksRunBeforeTheFirstAnswer() throws Exception {
        try (FunctionRun run = run(variants.restored(WatchedHandler.class))) {
            assertThat(run.firstAnswer().body()).isEqualTo("\"constructed beforeCheckpoint afterRestore\"");
        }
    }

    /** {@link FunctionRun} itself fails when the function was not primed, or keeps its connection over the checkpoint. */
    @Test
    void functionIsPrimedBeforeAndLogsInAgainAfter() throws Exception {
        int before = testBed.logins();
        try (FunctionRun run = run(variants.build(List.of(Variants.USERS_RESTORED)).get(0))) {
            FunctionProcess.Cold first = run.firstAnswer();

            assertThat(first.body()).contains("\"statusCode\":200", TestBed.USER_ID);
            // Each round of priming logs in anew, and then the first answer does.
            assertThat(testBed.logins()).isGreaterThan(before + 2);
            assertThat(testBed.openConnections()).isEqualTo(1);
        }
    }

    /** As our ids are made: a NativePRNG mixes what the kernel says at each call into what it has. */
    @Test
    void randomNumbersDifferBetweenRestoresOfOneSnapshot() throws Exception {
        try (FunctionRun run = run(variants.restored(RandomHandler.class))) {
            assertThat(run.firstAnswer().body()).isEqualTo("\"NativePRNG others, SHA1PRNG the same\"");
        }
    }

    private static FunctionRun run(Variant variant) throws IOException {
        return new FunctionRun(variant, testBed, Processors.last(), WORK.resolve("function.log"));
    }
}
