package webapp.local.rds;

import java.util.List;
import java.util.Map;

/** API_AddTagsToResource.html, API_RemoveTagsFromResource.html, API_ListTagsForResource.html, of what the double has. */
final class TagActions {
    private final RdsDouble rds;

    TagActions(RdsDouble rds) {
        this.rds = rds;
    }

    void add(RdsRegion region, Parameters in) {
        Map<String, String> tags = tagsOf(region, in.required("ResourceName"));
        Map<String, String> added = Tags.checked(in.tags("Tags"));
        if (added.isEmpty()) {
            throw Refusal.of("MissingParameter", "The request must contain the parameter Tags");
        }
        Tags.put(tags, added);
    }

    void remove(RdsRegion region, Parameters in) {
        Map<String, String> tags = tagsOf(region, in.required("ResourceName"));
        List<String> keys = in.list("TagKeys");
        if (keys.isEmpty()) {
            throw Refusal.of("MissingParameter", "The request must contain the parameter TagKeys");
        }
        keys.forEach(tags::remove);
    }

    void list(RdsRegion region, Parameters in, Xml out) {
        Tags.write(out, tagsOf(region, in.required("ResourceName")));
    }

    private Map<String, String> tagsOf(RdsRegion region, String name) {
        Arn arn = Arn.parse(name, null);
        if (arn == null || !arn.region().equals(region.name()) || !arn.account().equals(region.account())) {
            throw Refusal.invalidValue("Invalid resource name: " + name);
        }
        for (Kind kind : Kind.values()) {
            if (arn.type().equals(kind.snapshotType)) {
                return rds.snapshotActions.own(kind, region, arn.identifier()).tags;
            }
            if (arn.type().equals(kind.databaseType)) {
                Database database = rds.findDatabase(region, kind, arn.identifier());
                if (database == null) {
                    throw Refusal.of(kind.databaseNotFound, kind.database + " " + arn.identifier() + " not found.");
                }
                return database.tags;
            }
        }
        throw Refusal.invalidValue("Invalid resource name: " + name);
    }
}
