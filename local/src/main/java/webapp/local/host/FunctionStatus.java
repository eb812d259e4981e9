package webapp.local.host;

/**
 * The processes of one version of a function.
 *
 * @param region    null when a host answers that an older version of this program started
 * @param processes how many run or wait
 * @param lastEnd   which process something outside ended last, when and how; null when none was
 */
public record FunctionStatus(String region, String functionName, String version, int processes, String lastEnd) {}
