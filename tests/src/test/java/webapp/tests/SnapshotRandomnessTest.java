package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our functions take random numbers from {@code new SecureRandom()} alone. The state of any other generator would be in a SnapStart snapshot,
 * and every environment that is restored from it would go on with the same numbers.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html">Handling uniqueness with SnapStart</a>
 */
class SnapshotRandomnessTest {
    private static final Set<String> CLASSES = Set.of(
            "java/util/Random", "java/util/SplittableRandom", "java/util/concurrent/ThreadLocalRandom", "java/util/random/RandomGenerator");

    /** With an algorithm or a seed of one's own, a SecureRandom is one more of those; shuffle and Math.random have a Random inside. */
    private static final Set<String> METHODS = Set.of(
            "java/lang/Math.random()D", "java/util/Collections.shuffle(Ljava/util/List;)V", "java/security/SecureRandom.<init>([B)V",
            "java/security/SecureRandom.setSeed([B)V", "java/security/SecureRandom.setSeed(J)V",
            "java/security/SecureRandom.getInstance(Ljava/lang/String;)Ljava/security/SecureRandom;");

    @ParameterizedTest
    @ValueSource(strings = {"api", "database"})
    void noneIsKeptInASnapshot(String jar) throws IOException {
        Path file = Path.of(System.getProperty("checkout.directory"), "dist", jar + ".jar");
        Map<String, Set<String>> found = new HashMap<>();
        int classes = 0;
        try (JarFile entries = new JarFile(file.toFile())) {
            for (JarEntry entry : entries.stream().filter(entry -> entry.getName().matches("webapp/.*[.]class")).toList()) {
                classes++;
                Set<String> frozen = frozen(entries.getInputStream(entry));
                if (!frozen.isEmpty()) {
                    found.put(entry.getName(), frozen);
                }
            }
        }
        assertThat(classes).isPositive();
        assertThat(found).isEmpty();
    }

    @Test
    void userOfAFrozenGeneratorIsFound() throws IOException {
        assertThat(frozen(Culprit.class.getResourceAsStream("SnapshotRandomnessTest$Culprit.class"))).containsExactlyInAnyOrder(
                "java/lang/Math.random()D", "java/util/concurrent/ThreadLocalRandom", "java/security/SecureRandom.<init>([B)V");
    }

    /** What must not be done, each in its own way. */
    private static final class Culprit {
        double random() {
            return Math.random()
                    + java.util.concurrent.ThreadLocalRandom.current().nextInt()
                    + new java.security.SecureRandom(new byte[] {1}).nextInt();
        }
    }

    private static Set<String> frozen(InputStream classFile) {
        return used(classFile).stream().filter(used -> CLASSES.contains(used) || METHODS.contains(used)).collect(Collectors.toSet());
    }

    /** The classes and methods that a class file names in its constant pool: chapter 4.4 of the Java Virtual Machine Specification. */
    private static List<String> used(InputStream classFile) {
        try (DataInputStream in = new DataInputStream(classFile)) {
            in.skipNBytes(8);
            Object[] pool = new Object[in.readUnsignedShort()];
            for (int i = 1; i < pool.length; i++) {
                int tag = in.readUnsignedByte();
                pool[i] = switch (tag) {
                    case 1 -> in.readUTF();
                    case 7 -> new int[] {in.readUnsignedShort()};
                    case 9, 10, 11, 12, 17, 18 -> new int[] {in.readUnsignedShort(), in.readUnsignedShort(), tag};
                    case 3, 4 -> in.readInt();
                    case 5, 6 -> in.readLong();
                    case 8, 16, 19, 20 -> in.readUnsignedShort();
                    case 15 -> List.of(in.readUnsignedByte(), in.readUnsignedShort());
                    default -> throw new IOException("a constant of kind " + tag);
                };
                // These take two places.
                i += tag == 5 || tag == 6 ? 1 : 0;
            }
            List<String> used = new ArrayList<>();
            for (Object constant : pool) {
                if (constant instanceof int[] reference && reference.length == 1) {
                    used.add((String) pool[reference[0]]);
                } else if (constant instanceof int[] reference && (reference[2] == 10 || reference[2] == 11)) {
                    int[] nameAndType = (int[]) pool[reference[1]];
                    used.add(pool[((int[]) pool[reference[0]])[0]] + "." + pool[nameAndType[0]] + pool[nameAndType[1]]);
                }
            }
            return used;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
