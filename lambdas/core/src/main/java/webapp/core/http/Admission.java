package webapp.core.http;

import java.util.function.Function;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/**
 * Who may call an operation. It holds whatever the API's authorizers let pass: an operation that somebody deploys without one, or with
 * another one, is refused to everybody. {@link UserPool} has those of tokens.
 *
 * @param <C> what the operation learns of its caller
 */
public final class Admission<C extends Caller> {
    private final Function<Request, C> rule;

    /** @param rule ends in a {@link ProblemException} for a caller who is not admitted */
    Admission(Function<Request, C> rule) {
        this.rule = rule;
    }

    /** IAM decides which signers may call which operation. */
    public static Admission<Caller.Signer> signers() {
        return new Admission<>(request -> {
            if (request.identity().userArn() == null) {
                throw new ProblemException(ProblemType.FORBIDDEN, "The request is not signed by a caller who may do this.");
            }
            return new Caller.Signer(request.identity().userArn());
        });
    }

    /** Each partner: that an operation shows a partner its own alone is up to the operation. */
    public static Admission<Caller.Partner> partners() {
        return new Admission<>(request -> {
            if (request.identity().partnerId() == null) {
                throw ProblemException.unauthorized();
            }
            return new Caller.Partner(request.identity().partnerId());
        });
    }

    /** Who has an API key of the API's usage plans. */
    public static Admission<Caller.Consumer> consumers() {
        return new Admission<>(request -> {
            if (request.identity().apiKeyId() == null) {
                throw new ProblemException(ProblemType.FORBIDDEN, "The request carries no API key that may do this.");
            }
            return new Caller.Consumer(request.identity().apiKeyId());
        });
    }

    C admit(Request request) {
        return rule.apply(request);
    }
}
