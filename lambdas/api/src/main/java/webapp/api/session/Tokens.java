package webapp.api.session;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import webapp.core.problem.ProblemException;

/**
 * What Cognito gives a person who is signed in, without the access token: its scope {@code aws.cognito.signin.user.admin} lets whoever
 * has it change the account's address and delete the account at Cognito itself, and the page needs it for nothing.
 *
 * @param expiresIn seconds
 * @param refreshToken null if the one that was used stays
 */
record Tokens(String idToken, int expiresIn, String refreshToken) {
    /** @throws ProblemException 500 if the answer lacks one; its text is not shown, since it holds the others */
    static Tokens of(Map<String, Object> answer) {
        if (answer.get("AuthenticationResult") instanceof Map<?, ?> result
                && result.get("IdToken") instanceof String idToken
                && result.get("ExpiresIn") instanceof Double expiresIn) {
            return new Tokens(
                    idToken,
                    expiresIn.intValue(),
                    result.get("RefreshToken") instanceof String refreshToken ? refreshToken : null);
        }
        throw ProblemException.internalError(new IllegalStateException("Cognito's answer has no tokens and no challenge"));
    }

    /** The answer's members; the refresh token is for the cookie alone. */
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("idToken", idToken);
        json.writeNumberField("expiresIn", expiresIn);
    }

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return "Tokens[]";
    }
}
