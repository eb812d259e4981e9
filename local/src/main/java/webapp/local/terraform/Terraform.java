package webapp.local.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Drives the Terraform command on one root configuration, with names after Terratest.
 *
 * <p>State, plugins and logs stay in {@code workDirectory}; the configuration's own directory is only read, except for its
 * lock file. The environment names the endpoint and the credentials, so that the configuration needs no change and a
 * developer's own AWS profile is never used.
 */
public final class Terraform {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is worth a line to somebody who waits: what is done, and every half minute what is not. */
    private static final Pattern PROGRESS = Pattern.compile(
            "(?<!: Read) complete after |^Initializing provider|^Apply complete!|: Still .*[\\[m][03]?0s elapsed]|: Still .*\\[30s elapsed]");

    /** What Terraform says of a misspelt name in a file of variables, and lets pass. */
    private static final Pattern UNDECLARED = Pattern.compile("does not declare a variable named \"([^\"]+)\"");

    private final Path configuration;
    private final Path workDirectory;
    private final Map<String, String> environment;
    private final List<String> variables;
    private final Consumer<String> progress;

    /**
     * @param configuration the directory of the root configuration
     * @param workDirectory where state, plugins and the log go; made when absent
     * @param environment what to set for Terraform and the provider, on top of this process's environment less its AWS settings
     * @param variables arguments such as {@code -var-file=dev.tfvars}
     * @param progress takes one line for each resource done, for a misspelt variable, and in the end for how many changed
     */
    public Terraform(Path configuration, Path workDirectory, Map<String, String> environment, List<String> variables,
            Consumer<String> progress) {
        this.configuration = configuration.toAbsolutePath();
        this.workDirectory = workDirectory.toAbsolutePath();
        this.environment = Map.copyOf(environment);
        this.variables = List.copyOf(variables);
        this.progress = progress;
    }

    /** Initialises when a configuration file changed since the last time, then applies. */
    public void initAndApply() {
        init();
        apply();
    }

    /** Does nothing when no {@code .tf} or lock file that this configuration can reach has changed since the last time. */
    public void init() {
        try {
            Files.createDirectories(workDirectory);
            Path stamp = workDirectory.resolve("initialised");
            String sources = sources();
            if (Files.exists(stamp) && Files.readString(stamp).equals(sources)) {
                return;
            }
            run(List.of("init", "-input=false", "-no-color"));
            Files.writeString(stamp, sources());
        } catch (IOException e) {
            throw new UncheckedIOException("could not prepare Terraform's directory " + workDirectory, e);
        }
    }

    public void apply() {
        runOnState("apply", "-auto-approve", "-parallelism=30");
    }

    /** The address of every resource that a plan would change, with the actions, such as {@code [update]}; empty when none. */
    public Map<String, List<String>> plannedChanges() {
        Path plan = workDirectory.resolve("plan");
        runOnState("plan", "-compact-warnings", "-out=" + plan);
        Map<String, List<String>> changes = new TreeMap<>();
        for (JsonNode change : json(List.of("show", "-json", plan.toString())).path("resource_changes")) {
            List<String> actions = new ArrayList<>();
            change.path("change").path("actions").forEach(action -> actions.add(action.asText()));
            if (!actions.equals(List.of("no-op")) && !actions.equals(List.of("read"))) {
                changes.put(change.path("address").asText(), List.copyOf(actions));
            }
        }
        return changes;
    }

    /** The attributes that differ between the state and the last plan made by {@link #plannedChanges()}, by resource address. */
    public Map<String, List<String>> plannedAttributes() {
        Map<String, List<String>> attributes = new TreeMap<>();
        for (JsonNode change : json(List.of("show", "-json", workDirectory.resolve("plan").toString())).path("resource_changes")) {
            JsonNode before = change.path("change").path("before");
            JsonNode after = change.path("change").path("after");
            JsonNode unknown = change.path("change").path("after_unknown");
            List<String> different = new ArrayList<>();
            if (before.isObject() && after.isObject()) {
                before.fieldNames().forEachRemaining(name -> {
                    if (!before.path(name).equals(after.path(name)) && !unknown.path(name).asBoolean()) {
                        different.add(name);
                    }
                });
            }
            if (!different.isEmpty()) {
                attributes.put(change.path("address").asText(), List.copyOf(different));
            }
        }
        return attributes;
    }

    /** The value of a string output; fails when the configuration has no such output. */
    public String output(String name) {
        return outputObject(name).asText();
    }

    /** An output that is an object. */
    public JsonNode outputObject(String name) {
        JsonNode value = json(List.of("output", "-json", "-state=" + stateFile())).path(name).path("value");
        if (value.isMissingNode() || value.isNull()) {
            throw new TerraformException("the configuration has no output " + name, "");
        }
        return value;
    }

    /** Every managed resource of the state, in the shape of {@code terraform show -json}: address, type, values. */
    public List<JsonNode> resources() {
        List<JsonNode> resources = new ArrayList<>();
        collect(json(List.of("show", "-json", stateFile())).path("values").path("root_module"), resources);
        return resources;
    }

    private static void collect(JsonNode module, List<JsonNode> resources) {
        module.path("resources").forEach(resource -> {
            if (resource.path("mode").asText().equals("managed")) {
                resources.add(resource);
            }
        });
        module.path("child_modules").forEach(child -> collect(child, resources));
    }

    /** Addresses of everything in the state; empty after a clean destroy. */
    public List<String> stateList() {
        if (!Files.exists(Path.of(stateFile()))) {
            return List.of();
        }
        return run(List.of("state", "list", "-state=" + stateFile())).lines().filter(line -> !line.isBlank()).toList();
    }

    public void destroy() {
        runOnState("destroy", "-auto-approve", "-compact-warnings", "-parallelism=30");
    }

    private void runOnState(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "-input=false", "-no-color", "-state=" + stateFile()));
        arguments.addAll(List.of(options));
        arguments.addAll(variables);
        run(arguments);
    }

    private String stateFile() {
        return workDirectory.resolve("terraform.tfstate").toString();
    }

    private JsonNode json(List<String> arguments) {
        try {
            return JSON.readTree(run(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException("terraform " + arguments.getFirst() + " did not print JSON", e);
        }
    }

    private String run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("terraform", "-chdir=" + configuration));
        command.addAll(arguments);
        Path logFile = workDirectory.resolve("terraform.log");
        ProcessBuilder builder = new ProcessBuilder(command);
        if (arguments.contains("-json") || arguments.getFirst().equals("state")) {
            // A warning about the developer's own settings, or TF_LOG, would be taken for output.
            builder.redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        } else {
            builder.redirectErrorStream(true);
        }
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("TF_VAR_") || name.equals("TF_WORKSPACE"));
        variables.put("TF_DATA_DIR", workDirectory.resolve("data").toString());
        variables.put("TF_IN_AUTOMATION", "1");
        variables.putAll(environment);
        StringBuilder output = new StringBuilder();
        try (Writer log = Files.newBufferedWriter(logFile, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND)) {
            log.write(Instant.now() + " " + String.join(" ", command) + "\n");
            Process process = builder.start();
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    log.write(line + "\n");
                    if (PROGRESS.matcher(line).find()) {
                        progress.accept(line.strip());
                    }
                    Matcher undeclared = UNDECLARED.matcher(line);
                    if (undeclared.find()) {
                        progress.accept("Warning: " + undeclared.group(1) + " is set but declared nowhere, and has no effect: is it misspelt?");
                    }
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new TerraformException("terraform " + arguments.getFirst() + " failed with exit status " + status,
                        errors(output.toString()));
            }
            return output.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("could not run terraform in " + configuration, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TerraformException("interrupted during terraform " + arguments.getFirst(), output.toString());
        }
    }

    /** From the first error on; everything when Terraform printed none. */
    private static String errors(String output) {
        int first = output.indexOf("Error: ");
        return first < 0 ? output : output.substring(Math.max(0, output.lastIndexOf('\n', first)));
    }

    /** A digest of every configuration file in the checkout that holds this configuration. */
    private String sources() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path root : roots()) {
                try (Stream<Path> files = Files.list(root)) {
                    for (Path file : files.filter(Terraform::isConfiguration).sorted().toList()) {
                        digest.update(file.toString().getBytes());
                        try (InputStream content = Files.newInputStream(file)) {
                            digest.update(content.readAllBytes());
                        }
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** This configuration, and the two levels above it with their modules: where a relative source can point. */
    private List<Path> roots() throws IOException {
        List<Path> roots = new ArrayList<>(List.of(configuration));
        Path checkout = configuration.resolve("../..").normalize();
        roots.add(checkout);
        if (Files.isDirectory(checkout.resolve("modules"))) {
            try (Stream<Path> modules = Files.list(checkout.resolve("modules"))) {
                modules.filter(Files::isDirectory).sorted().forEach(roots::add);
            }
        }
        return roots;
    }

    private static boolean isConfiguration(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".tf") || name.equals(".terraform.lock.hcl");
    }
}
