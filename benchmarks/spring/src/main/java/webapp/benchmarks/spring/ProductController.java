package webapp.benchmarks.spring;

import com.amazonaws.serverless.proxy.RequestReader;
import com.amazonaws.serverless.proxy.model.AwsProxyRequestContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code getProduct} of the contract: the same statement, the same JSON, the same problem for a product that is not there. */
@RestController
class ProductController {
    private static final RowMapper<Product> PRODUCT = (row, number) -> new Product(
            row.getString("product_id"),
            row.getString("name"),
            row.getString("category"),
            row.getString("description"),
            row.getInt("price_cents"),
            "EUR",
            row.getString("supplier"));

    private final JdbcTemplate database;

    record Product(String productId, String name, String category, String description, int priceCents, String currency, String supplier) {}

    /** Spring's own ProblemDetail always names the path as its instance. */
    record Problem(String type, String title, int status, String detail, String correlationId) {}

    ProductController(JdbcTemplate database) {
        this.database = database;
    }

    @GetMapping("/products/{productId}")
    ResponseEntity<Object> get(@PathVariable String productId, HttpServletRequest request) {
        List<Product> products = database.query(
                "SELECT product_id, name, category, description, price_cents, supplier FROM products WHERE active = 1 AND product_id = ?",
                PRODUCT, productId);
        if (products.isEmpty()) {
            AwsProxyRequestContext context =
                    (AwsProxyRequestContext) request.getAttribute(RequestReader.API_GATEWAY_CONTEXT_PROPERTY);
            return ResponseEntity.status(404).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(new Problem("/problems/product-not-found",
                    "Product not found", 404, "There is no product with this identifier.", context.getRequestId()));
        }
        return ResponseEntity.ok(products.get(0));
    }
}
