package webapp.api.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A line of an order.
 *
 * @param name of the product when the order was placed
 * @param unitPriceCents when the order was placed
 */
record OrderItem(String productId, String name, int quantity, int unitPriceCents) {
    /** Never overflows: both factors are ints. */
    long lineCents() {
        return (long) quantity * unitPriceCents;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("productId", productId);
        json.writeStringField("name", name);
        json.writeNumberField("quantity", quantity);
        json.writeNumberField("unitPriceCents", unitPriceCents);
        json.writeNumberField("lineCents", lineCents());
    }
}
