package webapp.canary;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;

/** Reads and changes aliases: a change is one UpdateAlias of what was read, or none. */
final class Aliases {
    private static final int ATTEMPTS = 5;

    private final LambdaClient lambda;

    Aliases(LambdaClient lambda) {
        this.lambda = lambda;
    }

    /**
     * An alias as it is, or as it is to be.
     *
     * @param version the one that serves what no weight gives away
     * @param candidate the one with a weight, null for none
     * @param weight the candidate's, 0 without one
     * @param description as AWS has it
     */
    record Alias(String version, String candidate, double weight, String description) {

        Alias with(Progress progress) {
            return new Alias(version, candidate, weight, progress.description());
        }

        Alias sending(double share, String to) {
            return new Alias(version, to, share, description);
        }

        Alias sendingAllTo(String to) {
            return new Alias(to, null, 0, description);
        }

        Optional<Progress> progress() {
            return Progress.of(description);
        }
    }

    /**
     * Changes the alias into what {@code decision} makes of it, unless that is null. Whoever else changes it in the meantime
     * makes this read and decide again, so the decision may be asked repeatedly.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if the alias can be neither read nor changed
     */
    void change(Canary canary, Function<Alias, Alias> decision) {
        Alias wanted = null;
        for (int attempt = 1; ; attempt++) {
            GetAliasResponse found = lambda.getAlias(get -> get.functionName(canary.functionName()).name(canary.aliasName()));
            Alias current = alias(found);
            if (current.equals(wanted)) {
                // The change was made, but its answer was lost, and its repetition found another revision.
                return;
            }
            wanted = decision.apply(current);
            if (wanted == null) {
                return;
            }
            try {
                update(canary, wanted, found.revisionId());
                return;
            } catch (PreconditionFailedException | ResourceConflictException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html">UpdateAlias</a> */
    private void update(Canary canary, Alias wanted, String revisionId) {
        Map<String, Double> weights = wanted.candidate() == null ? Map.of() : Map.of(wanted.candidate(), wanted.weight());
        lambda.updateAlias(update -> update
                .functionName(canary.functionName())
                .name(canary.aliasName())
                .functionVersion(wanted.version())
                // Given also when empty: left out, the weights would stay.
                .routingConfig(routing -> routing.additionalVersionWeights(weights))
                .description(wanted.description())
                .revisionId(revisionId));
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html">Lambda function states</a> */
    GetFunctionConfigurationResponse version(Canary canary, String version) {
        return lambda.getFunctionConfiguration(get -> get.functionName(canary.functionName()).qualifier(version));
    }

    private static Alias alias(GetAliasResponse found) {
        // A second version is all that an alias takes.
        return found.routingConfig() == null ? new Alias(found.functionVersion(), null, 0, found.description())
                : found.routingConfig().additionalVersionWeights().entrySet().stream().findFirst()
                        .map(weight -> new Alias(found.functionVersion(), weight.getKey(), weight.getValue(), found.description()))
                        .orElseGet(() -> new Alias(found.functionVersion(), null, 0, found.description()));
    }
}
