package webapp.local.rds;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** An S3 bucket that exports write to and the S3 face of the double reads from; it may replicate to another one. */
public final class Bucket {
    final RdsRegion region;
    final String name;
    final TreeMap<String, StoredObject> objects = new TreeMap<>();
    private Bucket replica;
    private boolean replicationFails;
    boolean denied;

    /** @param replication {@code PENDING}, {@code COMPLETED}, {@code FAILED}, {@code REPLICA}, or null where no rule replicates it */
    record StoredObject(byte[] content, Instant modified, String keyArn, String replication) {
        StoredObject replication(String status) {
            return new StoredObject(content, modified, keyArn, status);
        }
    }

    Bucket(RdsRegion region, String name) {
        this.region = region;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** From now on every object is replicated, {@link Work#REPLICATION} after it was put. */
    public Bucket replicatesTo(Bucket other) {
        return set(() -> replica = other);
    }

    /** Replications that are due from now on end as FAILED. */
    public Bucket replicationFails(boolean fails) {
        return set(() -> replicationFails = fails);
    }

    /** The bucket's policy denies everybody: exports (InvalidS3BucketFault, or FAILED when they run already) and readers (403). */
    public Bucket deny() {
        return set(() -> denied = true);
    }

    public Bucket allow() {
        return set(() -> denied = false);
    }

    public Bucket put(String key, byte[] content) {
        return set(() -> store(key, content, null));
    }

    public Bucket remove(String key) {
        return set(() -> objects.remove(key));
    }

    public List<String> keys() {
        return region.rds.locked(() -> List.copyOf(objects.keySet()));
    }

    /** @return null when there is none of this key */
    public byte[] content(String key) {
        return region.rds.locked(() -> objects.containsKey(key) ? objects.get(key).content().clone() : null);
    }

    private Bucket set(Runnable change) {
        return region.rds.locked(() -> {
            change.run();
            return this;
        });
    }

    void store(String key, byte[] content, String keyArn) {
        StoredObject stored = new StoredObject(content, region.now(), keyArn, replica == null ? null : "PENDING");
        objects.put(key, stored);
        if (replica != null) {
            region.rds.after(region.rds.duration(Work.REPLICATION), () -> replicate(key, stored));
        }
    }

    private void replicate(String key, StoredObject stored) {
        if (replica.region.isOut()) {
            replica.region.whenBack(() -> replicate(key, stored));
            return;
        }
        boolean fails = replicationFails || replica.denied || !region.rds.isUsable(stored.keyArn());
        if (objects.get(key) == stored) {
            objects.put(key, stored.replication(fails ? "FAILED" : "COMPLETED"));
        }
        if (!fails) {
            replica.objects.put(key, stored.replication("REPLICA"));
        }
    }
}
