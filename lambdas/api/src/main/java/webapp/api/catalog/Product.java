package webapp.api.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A product that is sold.
 *
 * @param priceCents in hundredths of {@link #CURRENCY}, taxes included
 * @param supplier the partner who makes it
 */
public record Product(String productId, String name, String category, String description, int priceCents, String supplier) {
    /** The contract's pattern. */
    public static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

    public static final String CURRENCY = "EUR";

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("productId", productId);
        json.writeStringField("name", name);
        json.writeStringField("category", category);
        json.writeStringField("description", description);
        json.writeNumberField("priceCents", priceCents);
        json.writeStringField("currency", CURRENCY);
        json.writeStringField("supplier", supplier);
    }
}
