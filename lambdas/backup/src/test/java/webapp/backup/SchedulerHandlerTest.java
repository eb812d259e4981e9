package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import webapp.local.rds.SnapshotView;

class SchedulerHandlerTest {
    private static final Instant SLOT = Instant.parse("2026-07-01T00:00:00Z");
    private static final String NAME = "bk-shop-20260701-0000";

    private final World world = new World(SLOT);
    private final ObjectNode shop = world.instance("shop");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void slotBecomesASnapshotACopyAndAnExport() {
        world.recordWindows(shop);
        world.ticks(Duration.ofHours(3));
        assertThat(world.failures()).isEmpty();
        assertThat(world.primaries()).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.identifier()).isEqualTo(NAME);
            assertThat(snapshot.tags()).isEqualTo(Map.of(Tags.PLAN, World.PLAN, Tags.DATABASE, "shop", Tags.SLOT, SLOT.toString(), Tags.ROLE, "primary",
                    Tags.EXPORT, "complete", Tags.WINDOWS, "recorded"));
        });
        assertThat(world.copies()).singleElement().satisfies(copy -> {
            assertThat(copy.identifier()).isEqualTo(NAME);
            assertThat(copy.status()).isEqualTo("available");
            assertThat(copy.keyArn()).isEqualTo(world.recoveryKey.arn());
            assertThat(copy.sharedWith()).containsExactly("444455556666");
        });
        assertThat(world.bucket.keys()).isNotEmpty().allMatch(key -> key.startsWith("shop/x-" + Names.digest("shop") + "-20260701-0000-a1/"));
        assertThat(world.replica.keys()).isEqualTo(world.bucket.keys());
        assertThat(world.windowsCalls).isEqualTo(1);
        assertThat(world.tables.item(World.RECOVERY_TABLE, "windows#shop", SLOT.toString())).isNotNull();
        assertThat(world.metric("BackupAge", "Database", "shop")).isBetween(10_000.0, 10_800.0);
        assertThat(world.metric("ExportAge", "Database", "shop")).isBetween(10_000.0, 10_800.0);
    }
}
