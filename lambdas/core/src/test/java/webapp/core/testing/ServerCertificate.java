package webapp.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;

/** A throw-away certificate of {@code localhost}, in the form MariaDB reads. */
record ServerCertificate(Path certificate, Path key) {
    private static final String PASSWORD = "password";
    private static ServerCertificate trusted;

    /** The JVM's; makes it the JVM's trust store, as a laptop does with its own authority. */
    static synchronized ServerCertificate trusted() throws IOException {
        if (trusted == null) {
            trusted = create(Files.createTempDirectory(Path.of("target").toAbsolutePath(), "certificate"));
        }
        return trusted;
    }

    private static ServerCertificate create(Path directory) throws IOException {
        Path store = directory.resolve("server.p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                            "-genkeypair", "-alias", "server", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=localhost",
                            "-ext", "san=dns:localhost", "-ext", "bc:c=ca:true", "-validity", "30",
                            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
                    .inheritIO()
                    .start();
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool made no certificate");
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream file = Files.newInputStream(store)) {
                keys.load(file, PASSWORD.toCharArray());
            }
            Path certificate = pem(directory, "CERTIFICATE", keys.getCertificate("server").getEncoded());
            Path key = pem(directory, "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("server", keys.getCertificate("server"));
            Path trustStore = directory.resolve("trust.p12");
            try (var file = Files.newOutputStream(trustStore)) {
                trust.store(file, PASSWORD.toCharArray());
            }
            System.setProperty("javax.net.ssl.trustStore", trustStore.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
            return new ServerCertificate(certificate, key);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Path pem(Path directory, String type, byte[] content) throws IOException {
        String text = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content)
                + "\n-----END " + type + "-----\n";
        return Files.writeString(directory.resolve(type.replace(' ', '-').toLowerCase(Locale.ROOT) + ".pem"), text);
    }
}
