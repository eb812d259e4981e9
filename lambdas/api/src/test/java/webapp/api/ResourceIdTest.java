package webapp.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceIdTest {
    @Test
    void beginsWithTheTime() {
        UUID userId = ResourceId.create(0x0123456789ABL);

        assertThat(userId.toString()).startsWith("01234567-89ab-7");
        assertThat(userId.version()).isEqualTo(7);
        assertThat(userId.variant()).isEqualTo(2);
        assertThat(ResourceId.create(0x0123456789ABL)).isNotEqualTo(userId);
    }

    @Test
    void isReadInItsUsualForm() {
        UUID userId = ResourceId.create(1);

        assertThat(ResourceId.parse(userId.toString())).isEqualTo(userId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1-1-1-1-1", "000000001-000-7000-8000-000000000000", "00000000-0000-7000-8000-00000000000g",
        "00000000000070008000000000000000"})
    void otherFormsAreNone(String text) {
        assertThat(ResourceId.parse(text)).isNull();
        assertThat(ResourceId.parse(null)).isNull();
    }
}
