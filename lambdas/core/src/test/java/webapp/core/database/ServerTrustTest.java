package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import webapp.core.configuration.ConfigurationException;
import webapp.core.testing.MariaDbServer;

class ServerTrustTest {
    @ParameterizedTest
    @MethodSource("regions")
    void eachRegionHasItsThreeValidAuthorities(String region) throws Exception {
        Collection<? extends Certificate> authorities = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(ServerTrust.authorities(region).getBytes(StandardCharsets.US_ASCII)));

        assertThat(authorities).hasSize(3);
        List<String> names = authorities.stream().map(X509Certificate.class::cast)
                .map(authority -> authority.getSubjectX500Principal().getName())
                .toList();
        for (String kind : List.of("RSA2048", "RSA4096", "ECC384")) {
            assertThat(names).anyMatch(name -> name.contains("CN=Amazon RDS " + region + " Root CA " + kind + " G1"));
        }
        for (Certificate certificate : authorities) {
            X509Certificate authority = (X509Certificate) certificate;
            authority.checkValidity();
            assertThat(authority.getIssuerX500Principal()).isEqualTo(authority.getSubjectX500Principal());
            authority.verify(authority.getPublicKey());
        }
    }

    static List<String> regions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/rds-ca"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pem"))
                    .map(name -> name.substring(0, name.length() - ".pem".length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void regionsAreThere() throws IOException {
        assertThat(regions()).hasSize(27).contains("eu-central-1", "us-east-1");
    }

    @Test
    void unknownRegionIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> ServerTrust.authorities("xx-north-9"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'xx-north-9'")
                .hasMessageContaining("javax.net.ssl.trustStore");
    }

    @Test
    void certificateOfAnUnknownAuthorityIsRefused() {
        MariaDbServer server = MariaDbServer.shared();
        String trustStore = System.clearProperty("javax.net.ssl.trustStore");
        try {
            // Now the authorities in the jar count, and none of them vouches for the test's server.
            assertThatThrownBy(ServerTrustTest::connect)
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("unable to find valid certification path");
        } finally {
            System.setProperty("javax.net.ssl.trustStore", trustStore);
        }
        assertThat(server).isNotNull();
    }

    @Test
    void certificateOfAnotherNameIsRefused() {
        DatabaseServer address = MariaDbServer.shared().address();
        DatabaseServer otherName = new DatabaseServer("127.0.0.1", address.port(), address.database(), address.region());

        assertThatThrownBy(() -> otherName.connect(
                        MariaDbServer.MASTER, MariaDbServer.MASTER_PASSWORD, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("127.0.0.1");
    }

    private static void connect() throws SQLException {
        MariaDbServer.shared().master().close();
    }
}
