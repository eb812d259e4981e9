package webapp.local.rds;

/** An IAM role that exports run under: allowed to, until a test says otherwise. */
public final class ExportRole {
    private final RdsRegion region;
    private final String name;
    private boolean denied;

    ExportRole(RdsRegion region, String name) {
        this.region = region;
        this.name = name;
    }

    public String arn() {
        return "arn:aws:iam::" + region.account() + ":role/" + name;
    }

    /** It lacks a permission: IamRoleMissingPermissions, or FAILED for an export that runs already. */
    public ExportRole deny() {
        return set(true);
    }

    public ExportRole allow() {
        return set(false);
    }

    private ExportRole set(boolean isDenied) {
        return region.rds.locked(() -> {
            denied = isDenied;
            return this;
        });
    }

    boolean isDenied() {
        return denied;
    }
}
