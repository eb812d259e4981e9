package webapp.api.authorizer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Tokens to verify before a snapshot, so that it holds the classes of each algorithm. They were made once, with key pairs whose private
 * halves were thrown away, and are good for an issuer and an audience that do not exist, for five minutes on 2026-01-01.
 */
final class PrimingTokens {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:01:00Z"), ZoneOffset.UTC);

    /** Also the tokens' subject. */
    static final String AUDIENCE = "snapstart-priming";

    static final String ISSUER = "https://snapstart.invalid";

    static final String EDDSA =
            "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkIn0.eyJpc3MiOiJodHRwczovL3NuYXBzdGFydC5pbnZhbGlkIiwic3ViIjoic2"
            + "5hcHN0YXJ0LXByaW1pbmciLCJhdWQiOiJzbmFwc3RhcnQtcHJpbWluZyIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1OTAwfQ.c8EgC"
            + "FdqbDuphrpJuGD3ZHGzf56C7bwu6WkJ1jDRluUQKCyRuERrRWSQOmwDMtjArPcuNQDBYxkFsWjM3CHEDw";

    static final String ES256 =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVjIn0.eyJpc3MiOiJodHRwczovL3NuYXBzdGFydC5pbnZhbGlkIiwic3ViIjoic2"
            + "5hcHN0YXJ0LXByaW1pbmciLCJhdWQiOiJzbmFwc3RhcnQtcHJpbWluZyIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1OTAwfQ.BE1yv"
            + "EF_gOQl1mkljrFMKwQT3SKpJOZ6uOVcWCcVFATr1vQbJlcYkd8KADS0PEP-ETLHQ3OzJaXJkM9yZpVNuw";

    static final String RS256 =
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL3NuYXBzdGFydC5pbnZhbGlkIiwic3ViIjoic"
            + "25hcHN0YXJ0LXByaW1pbmciLCJhdWQiOiJzbmFwc3RhcnQtcHJpbWluZyIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI1OTAwfQ.OSBK"
            + "mmt_FioxFPuKf_nTFSs7a4SwxaPVysn8krlPAR5abBMZGUadm72VpclXmpvPgvHhEN1WPSk-uTIiWlrbyfzT6uPceiAiXgX7isq0eKbSWq37ps"
            + "_LL7r8mDYgqoVXH5rhTJgOHD33-8he4Vh2vJqKjC2FDwNBWzqZUUD-hBDAa5x7JFu-OrWTvIPX8Mw-OZIjOqIvSzj_jUx1WETyoPGMRIkmydI7"
            + "L384Bg6nyN1A9UIW7cCljHgCMd95Dztho9HWuWYaDcmgkpZK8iIGcGWrSktmNk5yN_I94uIdC_vGrKY9hd7XenQ_q9TlWa1kVfOwNgbdq3Euap"
            + "Rg5d1wMw";

    private static final String ED_KEY =
            "MCowBQYDK2VwAyEAa8Vi/p6oRpFcS5gcnGxeAFXEvodYUl/UR+avFqt+7Fo=";

    private static final String EC_KEY =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEuw1KlwY/HdG/OD0H2NJ3IU/3hfvBvFYyejy9222SLMBR+k4jasqRs9K+Lu29wT186+L3U8unff"
            + "ifKxmslImLTA==";

    private static final String RSA_KEY =
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3zO7faG8X8DrD4dJYD5LhRwQmEWMo5Bb6SntE9aJ2MaDQjb4ZsLBHw9z6jciHLMTll"
            + "Yf3jka6ZPWWkZkl3BqXmFPoZIX+TGQr2jpK9YCPR2UOcZUCTMitN6cuOmIsFSAnvt4FW8NgEfKZ/WhDCS/2sY5/sLFsLbwDlhDc13JCrvmpGOV"
            + "iURdmWcd+4fcL2Jb0MU57PbYdQUxsxn4NItYsudSBfQ8AqUretvfoTwMVzDhLbOTJZ5oJNMpeK33NFzcHx5vhLHWEudCx7xHw3U6ZkWmjm1lMi"
            + "lrJIuQ8fhAWN9OvVX1btaCtt7kqPqfEFsavRAUx/lMEa9s64KZJ6mh4QIDAQAB";

    private static final String EC_X =
            "uw1KlwY_HdG_OD0H2NJ3IU_3hfvBvFYyejy9222SLMA";

    private static final String EC_Y =
            "UfpOI2rKkbPSvi7tvcE9fOvi91PLp334nysZrJSJi0w";

    private static final String RSA_N =
            "3zO7faG8X8DrD4dJYD5LhRwQmEWMo5Bb6SntE9aJ2MaDQjb4ZsLBHw9z6jciHLMTllYf3jka6ZPWWkZkl3BqXmFPoZIX-TGQr2jpK9YCPR2UOc"
            + "ZUCTMitN6cuOmIsFSAnvt4FW8NgEfKZ_WhDCS_2sY5_sLFsLbwDlhDc13JCrvmpGOViURdmWcd-4fcL2Jb0MU57PbYdQUxsxn4NItYsudSBfQ8"
            + "AqUretvfoTwMVzDhLbOTJZ5oJNMpeK33NFzcHx5vhLHWEudCx7xHw3U6ZkWmjm1lMilrJIuQ8fhAWN9OvVX1btaCtt7kqPqfEFsavRAUx_lMEa"
            + "9s64KZJ6mh4Q";

    static final String PARTNER_KEYS =
            "{\"" + AUDIENCE + "\":[\"" + ED_KEY + "\",\"" + EC_KEY + "\",\"" + RSA_KEY + "\"]}";

    private static final String DISCOVERY =
            "{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"" + ISSUER + "/keys\"}";

    private static final String KEY_SET = "{\"keys\":[{\"kid\":\"ec\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + EC_X
            + "\",\"y\":\"" + EC_Y + "\"},{\"kid\":\"rsa\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + RSA_N + "\"}]}";

    private PrimingTokens() {}

    /** What the issuer that does not exist publishes. */
    static byte[] document(URI address) {
        return (address.getPath().equals("/keys") ? KEY_SET : DISCOVERY).getBytes(StandardCharsets.UTF_8);
    }
}
