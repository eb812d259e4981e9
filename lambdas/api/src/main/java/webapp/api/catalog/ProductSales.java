package webapp.api.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What its supplier may know of a product.
 *
 * @param unitsSold of all orders ever
 */
record ProductSales(String productId, String name, long unitsSold) {
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("productId", productId);
        json.writeStringField("name", name);
        json.writeNumberField("unitsSold", unitsSold);
    }
}
