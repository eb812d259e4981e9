package webapp.core.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import webapp.core.configuration.ConfigurationException;

/**
 * Which certificate authorities may vouch for the database: those of Amazon RDS in the function's region, which the jar carries,
 * unless the JVM was given a trust store from outside.
 */
final class ServerTrust {
    private ServerTrust() {}

    /**
     * Sets the driver's options. A trust store of the JVM is named to the driver although it is the default: the driver would otherwise put off
     * the check of an unknown certificate until the login, in the hope that the login proves the server's identity.
     *
     * @throws ConfigurationException if the region's authorities are unknown and no trust store is given
     */
    static void apply(Properties options, String region) {
        String trustStore = System.getProperty("javax.net.ssl.trustStore");
        if (trustStore == null) {
            options.setProperty("serverSslCert", authorities(region));
            return;
        }
        options.setProperty("trustStore", trustStore);
        copy("javax.net.ssl.trustStorePassword", options, "trustStorePassword");
        copy("javax.net.ssl.trustStoreType", options, "trustStoreType");
    }

    /** @return the region's authorities as concatenated PEM */
    static String authorities(String region) {
        try (InputStream file = ServerTrust.class.getResourceAsStream("/rds-ca/" + region + ".pem")) {
            if (file == null) {
                throw new ConfigurationException("No RDS certificate authority is known for region '" + region
                        + "'. Add rds-ca/" + region + ".pem to lambdas/core (its README says where from), or set the JVM's"
                        + " javax.net.ssl.trustStore (and trustStorePassword) by JAVA_TOOL_OPTIONS");
            }
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the RDS certificate authorities of " + region, e);
        }
    }

    private static void copy(String property, Properties options, String option) {
        String value = System.getProperty(property);
        if (value != null) {
            options.setProperty(option, value);
        }
    }
}
