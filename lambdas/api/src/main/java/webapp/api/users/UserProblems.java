package webapp.api.users;

import java.util.List;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** The problems that only operations on users have. */
final class UserProblems {
    private static final ProblemType EMAIL_ALREADY_REGISTERED =
            new ProblemType("email-already-registered", "Email already registered", 409);
    private static final ProblemType USER_NOT_FOUND = new ProblemType("user-not-found", "User not found", 404);
    private static final ProblemType PRECONDITION_FAILED = new ProblemType("precondition-failed", "Precondition failed", 412);

    private UserProblems() {}

    static ProblemException emailAlreadyRegistered() {
        return new ProblemException(
                EMAIL_ALREADY_REGISTERED,
                "This email address is already registered.",
                List.of(new FieldError("/email", "is already registered")));
    }

    static ProblemException userNotFound() {
        return new ProblemException(USER_NOT_FOUND, "There is no user with this identifier.");
    }

    static ProblemException profileChanged() {
        return new ProblemException(PRECONDITION_FAILED, "The profile was changed since it was read; read it again.");
    }
}
