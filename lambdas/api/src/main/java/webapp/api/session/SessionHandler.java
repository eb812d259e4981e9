package webapp.api.session;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import webapp.api.http.HttpCalls;
import webapp.api.session.Cognito.Repeat;
import webapp.core.configuration.Configuration;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.snapstart.Checkpoint;

/**
 * The operations {@code signUp}, {@code confirmSignUp}, {@code resendCode}, {@code signIn}, {@code refreshSession} and {@code signOut}:
 * passwords and codes go on to Cognito, the refresh token into a cookie. Neither those nor addresses are logged, and Cognito's texts go
 * nowhere.
 *
 * <p><b>Who can make a browser act here.</b> A page of another site can have a browser send a form to any address, with a body of three
 * types, of which JSON is none: operations with a body answer it 415, and for JSON the browser asks first (CORS), which nobody
 * answers. {@code refreshSession} and {@code signOut} act on the cookie alone. SameSite=Strict keeps it off requests that another site
 * began; but sites of one registrable domain are one site to it, and a foreign form can still have an answer's {@code Set-Cookie} obeyed,
 * which would sign a person out. So both are answered only to the site's own pages: browsers tell in {@code Sec-Fetch-Site}, which pages
 * cannot set. {@code same-origin} may, and {@code none}, which no page can cause; also pages of the origins in {@code SESSION_ORIGINS},
 * for a site whose API has another name. The function does not know its own origin, since a CDN in front sends it another host, so
 * {@code Origin} is held against that list alone. A browser too old for {@code Sec-Fetch-Site} rests on SameSite; a program without
 * either header has no person's cookies to abuse.
 *
 * <p><b>Who an address belongs to</b> is settled by the mail alone. Each sign-up is a user of its own with a random name, the account id,
 * and a code confirms only the one that it was sent for: who signs up first with another's address and a password of his own has
 * prepared nothing, since the owner confirms her own sign-up with her own password. The address signs in from then on, as the alias of
 * the confirmed user, and confirms no second one ({@code AliasExistsException}; never force it with {@code ForceAliasCreation}).
 *
 * <p><b>Who has an account</b> is told to nobody who does not know its password or read its mails: signing up makes a user and sends
 * a code whether the address has one or not, and a code that may not confirm is refused like a wrong one.
 */
public final class SessionHandler implements RequestStreamHandler {
    /** Cognito locks an address for a while after too many attempts and does not say how long. */
    private static final int RETRY_AFTER_LIMIT_SECONDS = 60;

    /** Enough to have it compiled where it matters; each is a request to Cognito. */
    private static final int PRIMING_CALLS = 3;

    private final Cognito cognito;
    private final RefreshCookie cookie;
    private final Accounts accounts;
    private final Set<String> origins;
    private final Router router = new Router()
            .on("POST", "/session/sign-up", this::signUp)
            .on("POST", "/session/confirm", this::confirm)
            .on("POST", "/session/resend-code", this::resendCode)
            .on("POST", "/session/sign-in", this::signIn)
            .on("POST", "/session/refresh", this::refresh)
            .on("POST", "/session/sign-out", this::signOut);
    private final Checkpoint checkpoint;

    /**
     * Lambda's; the environment has the application client ({@code USER_POOL_CLIENT_ID}, one without a secret), and may have {@code
     * REFRESH_TOKEN_DAYS} (30), {@code PASSWORD_MINIMUM_LENGTH} (12) and {@code SESSION_ORIGINS} (none), separated by commas.
     */
    public SessionHandler() {
        this(Configuration.ofEnvironment(), new HttpCalls(), Thread::sleep);
    }

    SessionHandler(Configuration configuration, HttpCalls calls, Cognito.Pauses pauses) {
        this.cognito = new Cognito(configuration, calls, pauses);
        this.cookie = new RefreshCookie(configuration);
        this.accounts = new Accounts(configuration);
        this.origins = configuration.optionalTexts("SESSION_ORIGINS");
        AtomicInteger primed = new AtomicInteger();
        this.checkpoint = Checkpoint.register()
                // Refused for its address, so that nothing is asked of Cognito.
                .prime("signIn", context -> router.prime("""
                        {"httpMethod":"POST","resource":"/session/sign-in","headers":{"Content-Type":"application/json"},
                        "body":"{\\"email\\":\\"x\\",\\"password\\":\\"x\\"}"}""", context))
                // Refused by Cognito, since nobody was given this token: it holds no secret and changes nothing.
                .prime("refreshSession", context -> {
                    if (primed.incrementAndGet() <= PRIMING_CALLS) {
                        router.prime("""
                                {"httpMethod":"POST","resource":"/session/refresh",
                                "headers":{"Cookie":"__Host-refresh=snapstart-priming"}}""", context);
                    }
                })
                .close(calls);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response signUp(Request request) {
        Accounts.SignUp account = accounts.signUp(request.fields());
        String accountId = UUID.randomUUID().toString();
        try {
            // Repeated after it was carried out it says that there is such a user: the one it made.
            cognito.call("SignUp", Repeat.ALWAYS, request.deadline(), json -> {
                json.writeStringField("Username", accountId);
                json.writeStringField("Password", account.password());
                json.writeArrayFieldStart("UserAttributes");
                json.writeStartObject();
                json.writeStringField("Name", "email");
                json.writeStringField("Value", account.email());
                json.writeEndObject();
                json.writeEndArray();
            });
        } catch (CognitoRefusal refusal) {
            switch (refusal.type()) {
                case "UsernameExistsException" -> {
                    // Made by the first try.
                }
                // The account may be there: another code can be asked for, and on-call learns that mails are not sent.
                case "CodeDeliveryFailureException", "LimitExceededException" -> log(request, refusal, LogLevel.ERROR);
                case "InvalidPasswordException" -> throw SessionProblems.refused("password", passwordRule(refusal));
                // Forms of addresses that Cognito does not take, or that a trigger of the pool's owner refuses.
                case "InvalidParameterException", "UserLambdaValidationException" -> {
                    log(request, refusal, LogLevel.WARN);
                    throw SessionProblems.refused("email", "is not accepted");
                }
                default -> throw problem(refusal);
            }
        }
        return Response.json(202, json -> {
            json.writeStringField("email", account.email());
            json.writeStringField("accountId", accountId);
        });
    }

    private Response resendCode(Request request) {
        String accountId = accounts.accountId(request.fields());
        try {
            cognito.call("ResendConfirmationCode", Repeat.IF_UNSENT, request.deadline(),
                    json -> json.writeStringField("Username", accountId));
        } catch (CognitoRefusal refusal) {
            switch (refusal.type()) {
                case "UserNotFoundException",
                        "InvalidParameterException",
                        "NotAuthorizedException",
                        "UserLambdaValidationException" -> requirePublicClient(refusal);
                case "CodeDeliveryFailureException" -> log(request, refusal, LogLevel.ERROR);
                default -> throw problem(refusal);
            }
        }
        return Response.json(202, json -> json.writeStringField("accountId", accountId));
    }

    private Response confirm(Request request) {
        Accounts.Confirmation confirmation = accounts.confirmation(request.fields());
        try {
            cognito.call("ConfirmSignUp", Repeat.IF_UNSENT, request.deadline(), json -> {
                json.writeStringField("Username", confirmation.accountId());
                json.writeStringField("ConfirmationCode", confirmation.code());
            });
        } catch (CognitoRefusal refusal) {
            throw switch (refusal.type()) {
                case "CodeMismatchException",
                        "ExpiredCodeException",
                        "NotAuthorizedException",
                        "UserNotFoundException",
                        "AliasExistsException",
                        "InvalidParameterException",
                        "UserLambdaValidationException" -> {
                    requirePublicClient(refusal);
                    yield SessionProblems.codeNotAccepted();
                }
                default -> problem(refusal);
            };
        }
        return Response.noContent();
    }

    private Response signIn(Request request) {
        Accounts.SignIn account = accounts.signIn(request.fields());
        if (!Accounts.mayExist(account.email())) {
            throw SessionProblems.notSignedIn();
        }
        Map<String, Object> answer;
        try {
            // Repeated it could count a wrong password twice, and leave a session that nobody ends.
            answer = cognito.call("InitiateAuth", Repeat.IF_UNSENT, request.deadline(), json -> {
                json.writeStringField("AuthFlow", "USER_PASSWORD_AUTH");
                json.writeObjectFieldStart("AuthParameters");
                json.writeStringField("USERNAME", account.email());
                json.writeStringField("PASSWORD", account.password());
                json.writeEndObject();
            });
        } catch (CognitoRefusal refusal) {
            throw switch (refusal.type()) {
                case "NotAuthorizedException", "UserNotFoundException", "UserLambdaValidationException" -> {
                    requirePublicClient(refusal);
                    yield SessionProblems.notSignedIn();
                }
                // What is wrong with the client's settings has the same type as what is wrong with a text.
                case "InvalidParameterException" -> refusal.says("not enabled") ? problem(refusal) : SessionProblems.notSignedIn();
                case "UserNotConfirmedException" -> SessionProblems.addressNotConfirmed();
                case "PasswordResetRequiredException" -> SessionProblems.signInNotSupported();
                default -> problem(refusal);
            };
        }
        if (answer.get("ChallengeName") instanceof String) {
            throw SessionProblems.signInNotSupported();
        }
        Tokens tokens = Tokens.of(answer);
        if (tokens.refreshToken() == null) {
            throw ProblemException.internalError(new IllegalStateException("Cognito gave no refresh token"));
        }
        return Response.json(200, tokens::write).cookie(cookie.of(tokens.refreshToken()));
    }

    private Response refresh(Request request) {
        requireOwnPage(request);
        Set<String> values = RefreshCookie.values(request);
        if (values.isEmpty()) {
            throw SessionProblems.notSignedIn();
        }
        String token = values.iterator().next();
        if (values.size() > 1 || !RefreshCookie.isToken(token)) {
            throw ended();
        }
        Map<String, Object> answer;
        try {
            // Not InitiateAuth, which gives no new refresh token and is closed to clients that rotate them. If an answer is lost in a
            // rotation the next try is as good as the browser's would be.
            answer = cognito.call("GetTokensFromRefreshToken", Repeat.ALWAYS, request.deadline(),
                    json -> json.writeStringField("RefreshToken", token));
        } catch (CognitoRefusal refusal) {
            throw switch (refusal.type()) {
                case "NotAuthorizedException",
                        "UserNotFoundException",
                        "RefreshTokenReuseException",
                        "InvalidParameterException",
                        "UserNotConfirmedException",
                        "PasswordResetRequiredException",
                        "UserLambdaValidationException" -> {
                    requirePublicClient(refusal);
                    yield ended();
                }
                default -> problem(refusal);
            };
        }
        Tokens tokens = Tokens.of(answer);
        Response response = Response.json(200, tokens::write);
        return tokens.refreshToken() == null ? response : response.cookie(cookie.of(tokens.refreshToken()));
    }

    private Response signOut(Request request) {
        requireOwnPage(request);
        for (String token : RefreshCookie.values(request).stream().filter(RefreshCookie::isToken).limit(2).toList()) {
            try {
                cognito.call("RevokeToken", Repeat.ALWAYS, request.deadline(), json -> json.writeStringField("Token", token));
            } catch (CognitoRefusal refusal) {
                switch (refusal.type()) {
                    case "NotAuthorizedException",
                            "UnauthorizedException",
                            "UserNotFoundException",
                            "InvalidParameterException",
                            "UnsupportedTokenTypeException" -> requirePublicClient(refusal);
                    // The client's settings do not allow it: the person is signed out here, and on-call is told.
                    case "UnsupportedOperationException" -> log(request, refusal, LogLevel.ERROR);
                    default -> throw problem(refusal);
                }
            }
        }
        return Response.noContent().cookie(RefreshCookie.gone());
    }

    private void requireOwnPage(Request request) {
        String origin = request.header("Origin");
        if (origin != null && origins.contains(origin)) {
            return;
        }
        String site = request.header("Sec-Fetch-Site");
        boolean own = site == null
                ? origin == null || origins.isEmpty() && !origin.equals("null")
                : site.equals("same-origin") || site.equals("none");
        if (!own) {
            throw new ProblemException(ProblemType.FORBIDDEN, "Only pages of this site may do this.");
        }
    }

    /** A refused token is of no more use: without its cookie the page knows at once that nobody is signed in. */
    private static ProblemException ended() {
        return SessionProblems.notSignedIn().with("Set-Cookie", RefreshCookie.gone());
    }

    /** Of Cognito's sentence only what is known to be a rule of the pool. */
    private static String passwordRule(CognitoRefusal refusal) {
        List<String> rules = new ArrayList<>();
        if (refusal.says("not long enough")) {
            rules.add("must be longer");
        }
        if (refusal.says("uppercase")) {
            rules.add("must have an upper-case letter");
        }
        if (refusal.says("lowercase")) {
            rules.add("must have a lower-case letter");
        }
        if (refusal.says("numeric")) {
            rules.add("must have a digit");
        }
        if (refusal.says("symbol")) {
            rules.add("must have a symbol");
        }
        return rules.isEmpty() ? "does not follow the rules for passwords" : String.join(", ", rules);
    }

    /** Cognito says NotAuthorized of a client that has a secret, as it does of a wrong password. */
    private static void requirePublicClient(CognitoRefusal refusal) {
        if (refusal.says("SECRET_HASH") || refusal.says("with secret")) {
            throw ProblemException.internalError(
                    new IllegalStateException("USER_POOL_CLIENT_ID has a secret: use an application client without one", refusal));
        }
    }

    private static ProblemException problem(CognitoRefusal refusal) {
        return switch (refusal.type()) {
            case "LimitExceededException", "TooManyFailedAttemptsException" ->
                ProblemException.tooManyRequests(RETRY_AFTER_LIMIT_SECONDS);
            default -> ProblemException.internalError(refusal);
        };
    }

    private static void log(Request request, CognitoRefusal refusal, LogLevel level) {
        request.logger().log(refusal.getMessage() + ", correlationId=" + request.correlationId(), level);
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
