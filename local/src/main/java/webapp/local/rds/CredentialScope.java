package webapp.local.rds;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who calls which service of which region, by the signature of a request.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html">Authorization header</a>
 */
record CredentialScope(String account, String region, String service) {
    private static final Pattern FORM = Pattern.compile("Credential=([^/,\\s]+)/\\d{8}/([^/,\\s]+)/([^/,\\s]+)/aws4_request");

    static CredentialScope of(String authorization) {
        Matcher credential = FORM.matcher(authorization);
        if (!credential.find()) {
            return new CredentialScope(RdsDouble.ACCOUNT, "us-east-1", "rds");
        }
        String key = credential.group(1);
        return new CredentialScope(key.matches("\\d{12}") ? key : RdsDouble.ACCOUNT, credential.group(2), credential.group(3));
    }
}
