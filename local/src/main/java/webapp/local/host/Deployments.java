package webapp.local.host;

import java.util.Optional;

/** Says what is deployed under a function's name in a region; asked before every invocation, so it must be quick. */
@FunctionalInterface
public interface Deployments {

    /**
     * @param version a published version's number or {@code $LATEST}
     * @return the deployment as it is now, or nothing when there is no such function or version
     */
    Optional<Deployment> find(String region, String functionName, String version);
}
