package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

class IamTokenTest {
    private static final String HOST = "webapp.Cluster-abc.eu-central-1.rds.amazonaws.com";

    @ParameterizedTest
    @CsvSource({
        "app, eu-central-1, 3306, IQoJb3JpZ2luX2VjE+/=",
        "app_user, us-east-1, 13306, ",
        "Zoë ~*+&=/?, ap-southeast-2, 3306, tok en~*"
    })
    void equalsTheTokenOfTheAwsSdk(String user, String region, int port, String sessionToken) {
        AwsCredentials credentials = sessionToken == null
                ? AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
                : AwsSessionCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken);
        String expected = RdsUtilities.builder()
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build()
                .generateAuthenticationToken(request -> request.hostname(HOST).port(port).username(user));

        String token = IamToken.sign(
                new Credentials(credentials.accessKeyId(), credentials.secretAccessKey(), sessionToken),
                region, HOST, port, user, timeOf(expected));

        assertThat(token).isEqualTo(expected);
    }

    @Test
    void changesWithTheSecret() {
        Instant now = Instant.parse("2026-11-21T08:30:00Z");

        assertThat(IamToken.sign(new Credentials("AKID", "one", null), "eu-central-1", HOST, 3306, "app", now))
                .isNotEqualTo(IamToken.sign(new Credentials("AKID", "two", null), "eu-central-1", HOST, 3306, "app", now));
    }

    /** The SDK's clock cannot be set; its token says what it was. */
    private static Instant timeOf(String token) {
        Matcher time = Pattern.compile("X-Amz-Date=([0-9TZ]+)").matcher(token);
        assertThat(time.find()).isTrue();
        return Instant.from(DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).parse(time.group(1)));
    }
}
