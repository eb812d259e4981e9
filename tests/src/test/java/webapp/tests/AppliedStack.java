package webapp.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import webapp.local.LocalStack;
import webapp.local.aws.AwsClients;
import webapp.local.aws.LocalAws;
import webapp.local.files.Directories;
import webapp.local.terraform.Terraform;
import webapp.manifest.ManifestWriter;

/**
 * An example applied to a local stack of its own, from a copy of the checkout, so that a test can break a file without
 * touching the one under version control.
 */
final class AppliedStack implements AutoCloseable {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final String REGION = "us-east-1";

    /** Addresses that the next plan may change although nothing did. Empty: what local AWS did not keep is bridged. */
    static final Set<String> REPLANNED = Set.of();

    /** Callers of every kind, which the laptop's variables have not. */
    private static final String MORE_VARIABLES = """
            api = {
              user_pool = {
                deletion_protection = false
                machine_clients     = { warehouse = ["orders/read"] }
              }
              consumers = {
                reseller = { rate_limit = 100, burst_limit = 100 }
                slow     = { rate_limit = 1, burst_limit = 2 }
                small    = { rate_limit = 100, burst_limit = 100, quota = { limit = 3, period = "DAY" } }
              }
              # So that tests of what operations answer are not answered 429.
              operation_throttles = {}
              partners            = { acme = ["%s"], birch = ["%s"] }
            }
            """;

    private final Path checkout;
    private final Path directory;
    private final LocalStack stack;
    private final Terraform terraform;

    private AppliedStack(Path checkout, Path directory, LocalStack stack, Terraform terraform) {
        this.checkout = checkout;
        this.directory = directory;
        this.stack = stack;
        this.terraform = terraform;
    }

    static AppliedStack start(String example, List<String> arguments) throws Exception {
        String more = MORE_VARIABLES.formatted(Partner.ACME.publicKey(), Partner.BIRCH.publicKey());
        AppliedStack applied = apply("stack", example, more, arguments);
        try {
            LocalStack.publish(applied.directory, applied.terraform.output("distribution_domain_name"));
            return applied;
        } catch (RuntimeException | IOException e) {
            applied.close();
            throw e;
        }
    }

    /** An example without a distribution, with its own defaults, on a stack beside the shared one. */
    static AppliedStack startAlone(String example) throws Exception {
        return apply(example.replace('/', '-'), example, "region = \"" + REGION + "\"\n", List.of());
    }

    /** @param variables a file's text, which comes after the arguments */
    private static AppliedStack apply(String name, String example, String variables, List<String> arguments) throws Exception {
        Path target = Path.of("target", name).toAbsolutePath();
        Directories.delete(target);
        Path checkout = target.resolve("checkout");
        synchronized (SharedFiles.LOCK) {
            for (String part : List.of("main.tf", "variables.tf", "outputs.tf", "versions.tf", "modules", "examples", "frontend", "dist",
                    "lambdas/api/openapi.yaml", "lambdas/backup/openapi.yaml", "local/aws", "tests/mocks")) {
                copy(CHECKOUT.resolve(part), checkout.resolve(part));
            }
        }
        Path directory = target.resolve("state");
        LocalStack stack = LocalStack.start(checkout, directory, CHECKOUT.resolve(".local/tools"), REGION, 0, AppliedStack::say);
        try {
            Path more = target.resolve("more.tfvars");
            Files.writeString(more, variables);
            List<String> all = new ArrayList<>(arguments);
            all.add("-var-file=" + more);
            Terraform terraform = new Terraform(checkout.resolve(example), LocalStack.terraformDirectory(directory),
                    LocalAws.environment(stack.localAws()), all, AppliedStack::say);
            synchronized (SharedFiles.LOCK) {
                terraform.init();
            }
            terraform.apply();
            return new AppliedStack(checkout, directory, stack, terraform);
        } catch (RuntimeException | IOException e) {
            stack.close();
            throw e;
        }
    }

    private static void say(String line) {
        System.out.println("stack: " + line);
    }

    String url() {
        return stack.frontDoor().toString();
    }

    Terraform terraform() {
        return terraform;
    }

    /** The first column of each row, read as MariaDB's administrator. */
    List<String> query(String sql) {
        return stack.query(sql);
    }

    /** How the log of a function is named here. */
    static String logName(String functionName, String region) {
        return region.equals(REGION) ? functionName : functionName + "." + region;
    }

    /** The log of the function with this key, or of the part with this name. */
    String log(String name) {
        try (var files = Files.walk(directory.resolve("logs"))) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(file -> file.toString().endsWith(name + ".log")).toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> functionVersions() {
        Map<String, String> versions = new TreeMap<>();
        terraform.outputObject("function_names").properties().forEach(function ->
                versions.put(function.getKey(), stack.aliasVersion(function.getValue().asText(), "live")));
        return versions;
    }

    HttpResponse<String> signedGet(String path) {
        return SignedCaller.get(terraform.output("api_url"), path, stack.localAws(), REGION);
    }

    URI localAws() {
        return stack.localAws();
    }

    /** A request to a service of local AWS as the account's root. */
    HttpResponse<String> aws(String service, String method, String path, Map<String, String> headers, String body) {
        return SignedCaller.aws(service, method, path, headers, body, stack.localAws(), REGION);
    }

    /** The key that a consumer was given. */
    String apiKey(String consumer) {
        String id = terraform.outputObject("api_key_ids").path(consumer).asText();
        return UserPool.tree(aws("apigateway", "GET", "/apikeys/" + id + "?includeValue=true", Map.of(), "").body()).path("value").asText();
    }

    /** Sets local AWS's clock ahead, for what expires. */
    void setClockAhead(long seconds) {
        HttpResponse<String> answer = aws("webapp", "POST", "/_webapp/clock?ahead=" + seconds, Map.of(), "");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the clock could not be set: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Clients of local AWS, as the account's root. */
    AwsClients clients() {
        return stack.clients();
    }

    /** Kills the processes of one function; its next invocation starts cold. */
    void endFunction(String functionName) {
        stack.endFunction(functionName);
    }

    /** A request to a service of local AWS in a region, with credentials of a role. */
    HttpResponse<String> aws(AwsCredentialsIdentity credentials, String region, String service, String method, String path, Map<String, String> headers,
            String body) {
        return SignedCaller.aws(credentials, service, method, path, headers, body, stack.localAws(), region);
    }

    void stopDatabase() throws Exception {
        stack.stopDatabase();
    }

    void startDatabase() throws Exception {
        stack.startDatabase();
    }

    void killDatabase() {
        stack.killDatabase();
    }

    void restartDatabase() throws IOException {
        stack.restartDatabase();
    }

    /** Kills every process of every function. */
    void killFunctions() {
        stack.functionProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    /** Changes the jar's bytes as a changed handler would. */
    void touchJar(String name) {
        addToJar(name, "changed.txt", Long.toString(System.nanoTime()));
    }

    /** Adds a file to a jar of {@code dist/} and lists the jar's new hash in the manifest; closing takes it away again. */
    Mistake addToJar(String name, String entry, String text) {
        Path jar = checkout.resolve("dist/" + name + ".jar");
        byte[] before = read(jar);
        try (FileSystem entries = FileSystems.newFileSystem(jar)) {
            Path file = entries.getPath(entry);
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writeManifest();
        return () -> {
            write(jar, before);
            writeManifest();
        };
    }

    Mistake delete(String file) {
        Path path = checkout.resolve(file);
        byte[] before = read(path);
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return () -> write(path, before);
    }

    /** Replaces every occurrence of a text in a file; fails when there is none. */
    Mistake replace(String file, String text, String replacement) {
        Path path = checkout.resolve(file);
        byte[] before = read(path);
        String content = new String(before, StandardCharsets.UTF_8);
        if (!content.contains(text)) {
            throw new IllegalArgumentException(file + " does not contain " + text);
        }
        write(path, content.replace(text, replacement).getBytes(StandardCharsets.UTF_8));
        return () -> write(path, before);
    }

    private void writeManifest() {
        try {
            ManifestWriter.main(new String[] {checkout.resolve("dist").toString()});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path path, byte[] content) {
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (var files = Files.walk(from)) {
            files.filter(Files::isRegularFile).filter(file -> !file.toString().contains("__pycache__")).forEach(sources::add);
        }
        for (Path source : sources) {
            Path target = from.equals(source) ? to : to.resolve(from.relativize(source).toString());
            Files.createDirectories(target.getParent());
            Files.copy(source, target);
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}
