package webapp.local.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.regions.Region;

/**
 * A throw-away certificate authority and the one server certificate it signs, valid for the laptop's database names in every
 * region.
 *
 * <p>On AWS the certificate of an instance is signed by the region's RDS authority and names the endpoint
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">Using SSL/TLS to encrypt a
 * connection to a DB instance</a>). The authority's private key is gone once the certificate is signed, so that trusting the
 * authority trusts this one certificate only.
 */
public final class CertificateAuthority {
    /** Password of {@link #keyStore()} and {@link #trustStore()}: file permissions protect the private key. */
    public static final String STORE_PASSWORD = "changeit";

    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofDays(7);
    private static final int VALID_DAYS = 90;
    private static final String SERVER = "server";

    private final Path directory;

    private CertificateAuthority(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens the authority in {@code directory}, or makes a new one when there is none, when a certificate expires within seven
     * days, or when a region's name is missing from it.
     *
     * @throws IOException when the directory cannot be written or the JDK's keytool fails
     */
    public static CertificateAuthority in(Path directory) throws IOException {
        return in(directory, Clock.systemUTC());
    }

    static CertificateAuthority in(Path directory, Clock clock) throws IOException {
        CertificateAuthority authority = new CertificateAuthority(PrivateFiles.directory(directory));
        try {
            if (!authority.isUsable(clock)) {
                authority.renew();
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make the database's certificates in " + directory, e);
        }
        return authority;
    }

    /** The authority's certificate (PEM). */
    public Path authorityCertificate() {
        return directory.resolve("authority.pem");
    }

    /** The server's certificate, followed by the authority's (PEM). */
    public Path serverCertificate() {
        return directory.resolve("server.pem");
    }

    /** The server's private key (PEM, PKCS #8, not encrypted, mode 0600). */
    public Path serverKey() {
        return directory.resolve("server-key.pem");
    }

    /** The server's private key and certificate (PKCS #12, mode 0600). */
    public Path keyStore() {
        return directory.resolve("server.p12");
    }

    /**
     * The authority's certificate for {@code -Djavax.net.ssl.trustStore}. It is a JKS store because a JVM reads one without
     * {@code javax.net.ssl.trustStorePassword}, which it cannot do with an encrypted PKCS #12 store.
     */
    public Path trustStore() {
        return directory.resolve("truststore.jks");
    }

    /** Context for the server's side of a connection. */
    public SSLContext serverContext() throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(keyStore(), "PKCS12"), STORE_PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + keyStore(), e);
        }
    }

    /** Context for the client's side of a connection: it trusts this authority and nothing else. */
    SSLContext clientContext() throws IOException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(load(trustStore(), "JKS"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + trustStore(), e);
        }
    }

    private boolean isUsable(Clock clock) throws GeneralSecurityException, IOException {
        for (Path file : List.of(authorityCertificate(), serverCertificate(), serverKey(), keyStore(), trustStore())) {
            if (!Files.isRegularFile(file)) {
                return false;
            }
        }
        X509Certificate server = (X509Certificate) load(keyStore(), "PKCS12").getCertificate(SERVER);
        List<String> names = server.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))).toList();
        return server.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE_EXPIRY))
                && names.containsAll(dnsNames());
    }

    private void renew() throws GeneralSecurityException, IOException {
        Path work = Files.createTempFile(directory, "new", ".p12", PrivateFiles.OWNER_ONLY);
        // keytool wants to create the store itself: an empty file is no store to it.
        Files.delete(work);
        try {
            // Each authority has a name of its own: an old trust store must not look like a match for a new certificate.
            byte[] serial = new byte[4];
            new SecureRandom().nextBytes(serial);
            String name = "CN=Laptop database authority " + HexFormat.of().formatHex(serial);
            keytool(work, "authority", name, "-ext", "bc:c=ca:true,pathlen:0", "-ext", "ku:c=keyCertSign,cRLSign");
            keytool(work, SERVER, "CN=Laptop database", "-signer", "authority", "-ext", "ku:c=digitalSignature,keyEncipherment",
                    "-ext", "eku=serverAuth", "-ext", "san=ip:127.0.0.1,dns:" + String.join(",dns:", dnsNames()));
            write(load(work, "PKCS12"));
        } finally {
            Files.deleteIfExists(work);
        }
    }

    private void write(KeyStore made) throws GeneralSecurityException, IOException {
        Certificate authority = made.getCertificate("authority");
        Certificate[] chain = made.getCertificateChain(SERVER);
        Key key = made.getKey(SERVER, STORE_PASSWORD.toCharArray());

        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        keyStore.setKeyEntry(SERVER, key, STORE_PASSWORD.toCharArray(), chain);
        KeyStore trustStore = KeyStore.getInstance("JKS");
        trustStore.load(null, null);
        trustStore.setCertificateEntry("authority", authority);

        Files.writeString(authorityCertificate(), pem("CERTIFICATE", authority.getEncoded()));
        Files.writeString(serverCertificate(), pem("CERTIFICATE", chain[0].getEncoded()) + pem("CERTIFICATE", authority.getEncoded()));
        PrivateFiles.write(serverKey(), pem("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII));
        try (OutputStream out = Files.newOutputStream(trustStore())) {
            trustStore.store(out, STORE_PASSWORD.toCharArray());
        }
        PrivateFiles.write(keyStore(), new byte[0]);
        try (OutputStream out = Files.newOutputStream(keyStore())) {
            keyStore.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private void keytool(Path store, String alias, String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", alias, "-dname", name, "-keyalg", "RSA", "-keysize", "2048", "-sigalg", "SHA256withRSA",
                "-validity", String.valueOf(VALID_DAYS), "-storetype", "PKCS12", "-keystore", store.toString(),
                "-storepass", STORE_PASSWORD));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool could not make the database's certificate: " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made the database's certificate", e);
        }
    }

    private static KeyStore load(Path file, String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        return store;
    }

    private static List<String> dnsNames() {
        List<String> names = new ArrayList<>(List.of("localhost"));
        for (Region region : Region.regions()) {
            if (!region.isGlobalRegion() && region.metadata() != null && "aws".equals(region.metadata().partition().id())) {
                names.add("*.local0stack0." + region.id() + ".rds.amazonaws.com");
            }
        }
        return names;
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
