package webapp.tests;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import webapp.local.LocalStack;

/**
 * Gives test classes a parameter {@link AppliedStack}: {@code examples/complete} as {@code make up} applies it, when the first class
 * asks and stopped after the last one, since an apply takes minutes. Classes leave the stack as they found it; the one that does
 * not, {@link RegistrationStackTest}, comes last.
 */
final class SharedStack implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedStack.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == AppliedStack.class;
    }

    /** The store of the whole run closes what it holds. A failed apply is kept, too: each class fails at once with the first one's cause. */
    @Override
    public AppliedStack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Holder holder = context.getRoot().getStore(NAMESPACE).computeIfAbsent(Holder.class, key -> new Holder(), Holder.class);
        return holder.stack();
    }

    private static final class Holder implements AutoCloseable {
        private AppliedStack stack;
        private Exception failure;

        AppliedStack stack() {
            if (stack == null && failure == null) {
                try {
                    stack = AppliedStack.start("examples/complete", LocalStack.VARIABLES);
                } catch (Exception e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw new IllegalStateException("the stack could not be applied", failure);
            }
            return stack;
        }

        @Override
        public void close() {
            if (stack != null) {
                stack.close();
            }
        }
    }
}
