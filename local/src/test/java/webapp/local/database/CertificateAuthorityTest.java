package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    @TempDir
    private static Path directory;

    @Test
    void certificateNamesTheDatabasesOfEveryCommercialRegion() throws Exception {
        X509Certificate server = certificate(CertificateAuthority.in(directory));
        List<String> names = server.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))).toList();
        assertThat(names).contains("localhost", "127.0.0.1", "*.local0stack0.us-east-1.rds.amazonaws.com",
                "*.local0stack0.eu-central-1.rds.amazonaws.com", "*.local0stack0.ap-southeast-2.rds.amazonaws.com");
        assertThat(names).noneMatch(name -> name.contains("cn-north-1") || name.contains("us-gov") || name.contains("global"));
        assertThat(names).hasSizeGreaterThan(30);
    }

    @Test
    void authoritySignsTheCertificateAndIsTheOnlyOneTrusted() throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        // A JVM is given no password by -Djavax.net.ssl.trustStore alone.
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(authority.trustStore())) {
            trust.load(in, null);
        }
        assertThat(trust.size()).isEqualTo(1);
        X509Certificate trusted = (X509Certificate) trust.getCertificate("authority");
        assertThat(trusted.getBasicConstraints()).isZero();
        certificate(authority).verify(trusted.getPublicKey());
    }

    @Test
    void privateKeyIsReadableByItsOwnerOnlyAndTheAuthoritysKeyIsGone() throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(authority.serverKey()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(authority.keyStore()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("authority.pem", "server.pem", "server-key.pem", "server.p12", "truststore.jks");
        }
    }

    @Test
    void certificateIsKeptUntilAWeekBeforeItExpires() throws Exception {
        X509Certificate first = certificate(CertificateAuthority.in(directory));
        Clock clock = Clock.systemUTC();
        assertThat(certificate(CertificateAuthority.in(directory, Clock.offset(clock, Duration.ofDays(82))))).isEqualTo(first);
        assertThat(certificate(CertificateAuthority.in(directory, Clock.offset(clock, Duration.ofDays(84))))).isNotEqualTo(first);
    }

    @Test
    void missingFileIsMadeAgain() throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        Files.delete(authority.trustStore());
        assertThat(CertificateAuthority.in(directory).trustStore()).exists();
    }

    private static X509Certificate certificate(CertificateAuthority authority) throws Exception {
        try (InputStream in = Files.newInputStream(authority.serverCertificate())) {
            Collection<?> chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            return (X509Certificate) chain.iterator().next();
        }
    }
}
