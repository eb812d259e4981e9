package webapp.core.http;

import java.util.Set;

/**
 * Who calls an operation, as far as the operation may rely on it: an {@link Admission} makes it of what API Gateway's authorizer found
 * out. A public operation has no caller.
 */
public sealed interface Caller {
    /** @return how a log names the caller: an id, never an address */
    String logged();

    /**
     * Who signed the request by AWS Signature Version 4.
     *
     * @param arn of the IAM principal
     */
    record Signer(String arn) implements Caller {
        @Override
        public String logged() {
            return arn;
        }
    }

    /**
     * A person who is signed in, by an ID token.
     *
     * @param subject names the person within the issuer, for good: 1-255 ASCII characters
     * @param email as the token says, null if it says none
     * @param name as the token says, null if it says none
     * @param clientId the application that the person signed in to
     * @param groups empty if there are none
     */
    record Person(String subject, String email, String name, String clientId, String issuer, Set<String> groups)
            implements Caller {
        @Override
        public String logged() {
            return "person/" + subject;
        }
    }

    /** A program with an access token of its own, by the client credentials grant. */
    record Machine(String clientId, String issuer, Set<String> scopes) implements Caller {
        @Override
        public String logged() {
            return "machine/" + clientId;
        }
    }

    /** A partner whose token our Lambda authorizer verified. */
    record Partner(String partnerId) implements Caller {
        @Override
        public String logged() {
            return "partner/" + partnerId;
        }
    }

    /**
     * Who sent an API key that API Gateway knows. It may come besides another caller, and tells who is counted; it proves nothing.
     *
     * @param apiKeyId API Gateway's id of the key, which is not the key
     */
    record Consumer(String apiKeyId) implements Caller {
        @Override
        public String logged() {
            return "consumer/" + apiKeyId;
        }
    }
}
