package webapp.api.orders;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import webapp.api.catalog.Product;
import webapp.core.http.Fields;

/** What a valid request to place an order asks for: products and how many of each. What they cost is the shop's business. */
record Wish(List<Item> items) {
    static final int MOST_ITEMS = 50;
    static final int LARGEST_QUANTITY = 100;

    record Item(String productId, int quantity) {}

    /** @throws webapp.core.problem.ProblemException 400 with every error */
    static Wish of(Fields fields) {
        List<Item> items = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (Fields item : fields.objects("items", 1, MOST_ITEMS)) {
            String productId = item.text("productId");
            if (productId != null) {
                if (!Product.ID.matcher(productId).matches()) {
                    item.reject("productId", "must be the identifier of a product");
                } else if (!named.add(productId)) {
                    item.reject("productId", "is given twice");
                }
            }
            items.add(new Item(productId, item.integer("quantity", 1, LARGEST_QUANTITY)));
        }
        fields.check();
        return new Wish(items);
    }

    /** @return what makes two requests the same or not */
    List<String> content() {
        List<String> content = new ArrayList<>();
        for (Item item : items) {
            content.add(item.productId());
            content.add(Integer.toString(item.quantity()));
        }
        return content;
    }
}
