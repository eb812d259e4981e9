package webapp.backup;

import java.time.Instant;

/**
 * Something that needs a person.
 *
 * @param database null if it is about the plan
 * @param slot null if it is about none
 * @param identifier of the snapshot, export or key, null for none
 * @param awsCode null if AWS did not refuse a call
 */
record Failure(Reason reason, String stage, String database, Instant slot, String identifier, String awsCode, String message) {}
