package webapp.api.catalog;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.regex.Pattern;
import webapp.api.paging.Cursor;
import webapp.api.paging.Page;
import webapp.api.paging.PageRequest;
import webapp.core.configuration.Configuration;
import webapp.core.database.Database;
import webapp.core.http.Admission;
import webapp.core.http.Caller;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.snapstart.Checkpoint;

/** The operations {@code listProducts}, {@code getProduct}, {@code getProductFeed} and {@code listPartnerProducts} of the contract. */
public final class CatalogHandler implements RequestStreamHandler {
    private static final ProblemType PRODUCT_NOT_FOUND = new ProblemType("product-not-found", "Product not found", 404);

    /** The contract's pattern. */
    static final Pattern CATEGORY = Pattern.compile("[a-z]{1,32}");

    private final Products products;
    private final Router router = new Router()
            .on("GET", "/products", this::list)
            .on("GET", "/products/{productId}", this::get)
            .on("GET", "/feed/products", Admission.consumers(), this::feed)
            .on("GET", "/partners/{partnerId}/products", Admission.partners(), this::sales);
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says where the database is. */
    public CatalogHandler() {
        this(Database.of(Configuration.ofEnvironment()));
    }

    CatalogHandler(Database database) {
        this.products = new Products(database);
        this.checkpoint = Checkpoint.register()
                .prime("listProducts", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/products","queryStringParameters":{"limit":"50"}}""", context))
                .prime("getProduct", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/products/{productId}","headers":{"If-None-Match":"*"},
                        "pathParameters":{"productId":"snapstart-priming"}}""", context))
                // The feed is the list. No supplier has this name: a snapshot must not hold what is one's alone.
                .prime("listPartnerProducts", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/partners/{partnerId}/products","pathParameters":{"partnerId":"snapstart-priming"},
                        "requestContext":{"authorizer":{"partnerId":"snapstart-priming"}}}""", context))
                .close(database);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response list(Request request) {
        String category = request.parameter("category");
        if (category != null && !CATEGORY.matcher(category).matches()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter category must be 1 to 32 small letters.");
        }
        return page(category, request).unlessUnchanged(request);
    }

    private Response feed(Caller.Consumer caller, Request request) {
        return page(null, request);
    }

    private Response page(String category, Request request) {
        PageRequest asked = PageRequest.of(request);
        Page<Product> page =
                asked.page(products.list(category, asked.after(Product.ID), asked.lookedFor(), request.deadline()));
        return Response.json(
                200, json -> page.write(json, "products", Product::write, product -> Cursor.after(product.productId())));
    }

    private Response get(Request request) {
        String productId = request.path().get("productId");
        Product product = productId == null || !Product.ID.matcher(productId).matches()
                ? null
                : products.find(productId, request.deadline()).orElse(null);
        if (product == null) {
            throw new ProblemException(PRODUCT_NOT_FOUND, "There is no product with this identifier.");
        }
        return Response.json(200, product::write).unlessUnchanged(request);
    }

    private Response sales(Caller.Partner caller, Request request) {
        if (!caller.partnerId().equals(request.path().get("partnerId"))) {
            throw new ProblemException(ProblemType.FORBIDDEN, "A partner may see its own products alone.");
        }
        List<ProductSales> sales = products.sales(caller.partnerId(), request.deadline());
        return Response.json(200, json -> {
            json.writeArrayFieldStart("products");
            for (ProductSales product : sales) {
                json.writeStartObject();
                product.write(json);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
