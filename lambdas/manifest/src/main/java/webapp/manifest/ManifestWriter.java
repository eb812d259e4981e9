package webapp.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Writes {@code manifest.json} beside the function jars: the base64 SHA-256 and the handler classes of each. */
public final class ManifestWriter {
    private static final List<String> HANDLER_INTERFACES = List.of(
            "com.amazonaws.services.lambda.runtime.RequestHandler",
            "com.amazonaws.services.lambda.runtime.RequestStreamHandler");

    private ManifestWriter() {}

    /** What the manifest says of one jar; {@code sha256} is base64, as Lambda's {@code source_code_hash} wants it. */
    record Artifact(String file, String sha256, List<String> handlers) {}

    /** Takes one argument: the directory of the jars, into which {@code manifest.json} is written. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Files.writeString(directory.resolve("manifest.json"), render(describe(directory)));
    }

    static SortedMap<String, Artifact> describe(Path directory) throws IOException {
        SortedMap<String, Artifact> artifacts = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                String file = jar.getFileName().toString();
                String name = file.substring(0, file.length() - ".jar".length());
                artifacts.put(name, new Artifact(file, sha256(jar), handlers(jar)));
            }
        }
        return artifacts;
    }

    private static String sha256(Path jar) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The public concrete classes of package {@code webapp} that Lambda can call; they are loaded but never initialised. */
    private static List<String> handlers(Path jar) throws IOException {
        List<String> handlers = new ArrayList<>();
        ClassLoader jdk = ClassLoader.getPlatformClassLoader();
        try (JarFile entries = new JarFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, jdk)) {
            List<Class<?>> interfaces = new ArrayList<>();
            for (String name : HANDLER_INTERFACES) {
                interfaces.add(Class.forName(name, false, loader));
            }
            List<String> classes = entries.stream()
                    .map(entry -> entry.getName())
                    .filter(entry -> entry.startsWith("webapp/") && entry.endsWith(".class"))
                    .map(entry -> entry.substring(0, entry.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
            for (String name : classes) {
                Class<?> type = Class.forName(name, false, loader);
                if (Modifier.isPublic(type.getModifiers())
                        && !Modifier.isAbstract(type.getModifiers())
                        && interfaces.stream().anyMatch(handler -> handler.isAssignableFrom(type))) {
                    handlers.add(name);
                }
            }
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new IOException(jar.getFileName() + " lacks a class that its handlers need: " + e.getMessage(), e);
        }
        return handlers;
    }

    private static String render(SortedMap<String, Artifact> artifacts) throws IOException {
        StringWriter text = new StringWriter();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try (JsonGenerator json = new JsonFactory().createGenerator(text).setPrettyPrinter(printer)) {
            json.writeStartObject();
            for (var artifact : artifacts.entrySet()) {
                json.writeObjectFieldStart(artifact.getKey());
                json.writeStringField("file", artifact.getValue().file());
                json.writeStringField("sha256", artifact.getValue().sha256());
                json.writeArrayFieldStart("handlers");
                for (String handler : artifact.getValue().handlers()) {
                    json.writeString(handler);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }
}
