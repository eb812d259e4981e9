package webapp.api.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import webapp.api.catalog.Product;

/**
 * An order as it was placed.
 *
 * @param person the subject of the token of who placed it; no answer shows it
 * @param placedAt in whole milliseconds, which is what the database keeps
 */
record Order(UUID orderId, String person, Instant placedAt, long totalCents, List<OrderItem> items) {
    static Order place(UUID orderId, String person, Instant placedAt, List<OrderItem> items) {
        long total = 0;
        for (OrderItem item : items) {
            total = Math.addExact(total, item.lineCents());
        }
        return new Order(orderId, person, placedAt, total, items);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("orderId", orderId.toString());
        json.writeStringField("placedAt", placedAt.toString());
        json.writeStringField("currency", Product.CURRENCY);
        json.writeNumberField("totalCents", totalCents);
        json.writeArrayFieldStart("items");
        for (OrderItem item : items) {
            json.writeStartObject();
            item.write(json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
