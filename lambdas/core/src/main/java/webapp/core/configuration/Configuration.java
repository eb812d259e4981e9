package webapp.core.configuration;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The function's environment variables; each is read once, at start, so that a wrong one fails the first start and not some request. */
public final class Configuration {
    private final Map<String, String> variables;

    /** @param variables usually {@code System.getenv()} */
    public Configuration(Map<String, String> variables) {
        this.variables = variables;
    }

    public static Configuration ofEnvironment() {
        return new Configuration(System.getenv());
    }

    /**
     * @return the variable's value, never blank
     * @throws ConfigurationException naming the variable if it is missing or blank
     */
    public String text(String name) {
        String value = variables.get(name);
        if (value == null || value.isBlank()) {
            throw new ConfigurationException("Environment variable " + name + " is " + (value == null ? "missing" : "empty")
                    + ": set it in the function's configuration");
        }
        return value;
    }

    /** @return the variable's value, null if it is missing or blank */
    public String optionalText(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** @return the values of a variable that has commas between them, empty if it is missing or blank */
    public Set<String> optionalTexts(String name) {
        Set<String> texts = new HashSet<>();
        String value = variables.get(name);
        if (value != null) {
            for (String text : value.split(",")) {
                if (!text.isBlank()) {
                    texts.add(text.strip());
                }
            }
        }
        return Set.copyOf(texts);
    }

    /**
     * @return a TCP port, 1-65535
     * @throws ConfigurationException naming the variable if it is missing or no port
     */
    public int port(String name) {
        String value = text(name);
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number that is out of range.
        }
        throw new ConfigurationException(name + " is '" + value + "': set it to a port number (1-65535)");
    }
}
