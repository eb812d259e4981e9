package webapp.api.session;

import java.util.List;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** The problems that only operations of the session have. */
final class SessionProblems {
    private static final ProblemType NOT_SIGNED_IN = new ProblemType("not-signed-in", "Not signed in", 401);
    private static final ProblemType ADDRESS_NOT_CONFIRMED =
            new ProblemType("address-not-confirmed", "Address not confirmed", 409);
    private static final ProblemType CODE_NOT_ACCEPTED = new ProblemType("code-not-accepted", "Code not accepted", 409);
    private static final ProblemType SIGN_IN_NOT_SUPPORTED =
            new ProblemType("sign-in-not-supported", "Sign-in not supported", 409);

    private SessionProblems() {}

    static ProblemException notSignedIn() {
        return new ProblemException(NOT_SIGNED_IN, "Sign in with the address and the password of an account.");
    }

    static ProblemException addressNotConfirmed() {
        return new ProblemException(ADDRESS_NOT_CONFIRMED, "Confirm the address by the code that was sent to it first.");
    }

    static ProblemException codeNotAccepted() {
        return new ProblemException(
                CODE_NOT_ACCEPTED, "This code is wrong or has expired; check it, or ask for another one.");
    }

    static ProblemException signInNotSupported() {
        return new ProblemException(
                SIGN_IN_NOT_SUPPORTED, "This account asks for a further step to sign in, which this application does not have.");
    }

    static ProblemException refused(String field, String detail) {
        return ProblemException.invalidRequest(List.of(new FieldError(FieldError.step(field), detail)));
    }
}
