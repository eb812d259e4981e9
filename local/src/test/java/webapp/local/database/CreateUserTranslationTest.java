package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CREATE USER and ALTER USER, in the spellings that a migration may use. */
class CreateUserTranslationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            CREATE USER jane IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' | CREATE USER jane IDENTIFIED BY '<jane>'
            CREATE USER 'jane'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'; | CREATE USER 'jane'@'%' IDENTIFIED BY '<jane>';
            create user if not exists jane@localhost identified with awsauthenticationplugin as 'RDS' require ssl | create user if not exists jane@localhost IDENTIFIED BY '<jane>' require ssl
            ALTER USER IF EXISTS `jane`@`10.0.%` IDENTIFIED WITH 'AWSAuthenticationPlugin' AS "RDS" | ALTER USER IF EXISTS `jane`@`10.0.%` IDENTIFIED BY '<jane>'
            CREATE USER 'a''b' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' | CREATE USER 'a''b' IDENTIFIED BY '<a'b>'
            CREATE USER 'a\\'b' @ '%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' | CREATE USER 'a\\'b' @ '%' IDENTIFIED BY '<a'b>'
            CREATE USER a@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS', b IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' | CREATE USER a@'%' IDENTIFIED BY '<a>', b IDENTIFIED BY '<b>'
            SELECT 1; CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'; SELECT 2 | SELECT 1; CREATE USER a IDENTIFIED BY '<a>'; SELECT 2
            CREATE USER jürgen IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' | CREATE USER jürgen IDENTIFIED BY '<jürgen>'
            """)
    void translates(String sql, String expected) {
        assertThat(translate(sql)).isEqualTo(expected);
    }

    @Test
    void looksThroughBlanksAndComments() {
        assertThat(translate("/* 1 */ CREATE\n\tUSER -- who\n jane # her\n@'%'\n IDENTIFIED/**/WITH\r\nAWSAuthenticationPlugin\tAS 'RDS'\n REQUIRE SSL"))
                .isEqualTo("/* 1 */ CREATE\n\tUSER -- who\n jane # her\n@'%'\n IDENTIFIED BY '<jane>'\n REQUIRE SSL");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "SELECT 'CREATE USER jane IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS'''",
            "INSERT INTO notes VALUES (\"CREATE USER x IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'\")",
            "SELECT 1 -- CREATE USER jane IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
            "CREATE USER jane IDENTIFIED WITH AWSAuthenticationPlugin",
            "CREATE USER jane IDENTIFIED WITH AWSAuthenticationPlugin AS 'rds'",
            "CREATE USER jane IDENTIFIED WITH mysql_native_password AS 'AWSAuthenticationPlugin'",
            "GRANT SELECT ON *.* TO jane IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
            "CREATE USER",
            "SELECT 'AWSAuthenticationPlugin"})
    void leavesEverythingElse(String sql) {
        assertThat(translate(sql)).isEqualTo(sql);
    }

    private static String translate(String sql) {
        byte[] translated = CreateUserTranslation.translate(sql.getBytes(StandardCharsets.UTF_8),
                // A password is ASCII; here it shows the user's name, one byte a character.
                user -> new String(("<" + user + ">").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        return new String(translated, StandardCharsets.UTF_8);
    }
}
