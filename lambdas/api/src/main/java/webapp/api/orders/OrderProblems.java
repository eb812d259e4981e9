package webapp.api.orders;

import java.util.List;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** The problems that only operations on orders have. */
final class OrderProblems {
    private static final ProblemType ORDER_NOT_FOUND = new ProblemType("order-not-found", "Order not found", 404);
    private static final ProblemType PRODUCT_NOT_SOLD = new ProblemType("product-not-sold", "Product not sold", 422);

    private OrderProblems() {}

    static ProblemException orderNotFound() {
        return new ProblemException(ORDER_NOT_FOUND, "There is no order with this identifier.");
    }

    static ProblemException productNotSold(List<FieldError> errors) {
        return new ProblemException(PRODUCT_NOT_SOLD, "The order names a product that is not sold.", errors);
    }
}
