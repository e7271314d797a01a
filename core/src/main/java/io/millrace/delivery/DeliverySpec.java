package io.millrace.delivery;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a subscription pushes to an HTTP sink: the `push` of its document.
///
/// Secrets are the values of the headers, the bearer token, the client's secret and the queries of
/// the URLs. The document has stars in their places; [#secrets] and [#withSecrets] are the way past
/// them. Stars that are given mean the secret that exists ([#keepingSecretsOf]).
///
/// @param headers for each delivery
/// @param credentials what the sink is shown besides
/// @param handshake whether the sink is asked for permission before the first delivery
/// @param retry when a delivery that failed is tried again
/// @param deadLetter whether an event that cannot be delivered becomes a dead letter; otherwise it
///   is dropped and counted
public record DeliverySpec(
        SinkAddress address,
        DeliveryMode mode,
        Limits limits,
        SinkHeaders headers,
        Credentials credentials,
        boolean handshake,
        RetrySchedule retry,
        boolean deadLetter) {
    /// Where the specification stands in a document of a subscription.
    public static final String PATH = "push";

    static final String UNLIMITED = "unlimited";

    /// Bounds of the pushing.
    ///
    /// @param batchEvents how many events one request may hold; 1 in every mode but
    ///   [DeliveryMode#BATCH]
    /// @param timeout for one attempt, from connecting to the answer's end
    /// @param concurrency requests at a time
    /// @param perMinute how many requests may begin in a minute; `null` for no limit
    public record Limits(
            int batchEvents, Duration timeout, int concurrency, @Nullable Integer perMinute) {}

    /// Reads the fields of `push`; every problem is added to those of the fields.
    ///
    /// @return `null` if something is wrong
    public static @Nullable DeliverySpec read(Fields push) {
        return DeliveryFields.read(push);
    }

    /// Writes the canonical form: every default explicit, the keys in a fixed order, stars for
    /// secrets. Reading it gives an equal specification, but for the secrets.
    public void writeTo(ObjectNode push) {
        push.put("url", address.documentText());
        push.put("mode", Fields.word(mode));
        if (mode == DeliveryMode.BATCH) {
            push.putObject("batch").put("events", limits.batchEvents());
        }
        push.put("timeout", Durations.print(limits.timeout()));
        push.put("concurrency", limits.concurrency());
        Integer perMinute = limits.perMinute();
        if (perMinute == null) {
            push.put("ratePerMinute", UNLIMITED);
        } else {
            push.put("ratePerMinute", perMinute);
        }
        ObjectNode shown = push.putObject("headers");
        headers.forEach((name, _) -> shown.put(name, Secret.SHOWN));
        writeCredentials(push);
        push.put("handshake", handshake);
        ObjectNode again = push.putObject("retry");
        ArrayNode delays = again.putArray("delays");
        retry.delays().forEach(delay -> delays.add(Durations.print(delay)));
        again.put("jitter", retry.jitter());
        again.put("age", Durations.print(retry.ageMax()));
        again.put("attempts", retry.attemptsMax());
        push.put("deadLetter", deadLetter);
    }

    private void writeCredentials(ObjectNode push) {
        switch (credentials) {
            case Credentials.None _ -> {}
            case Credentials.BearerToken _ -> push.put("bearer", Secret.SHOWN);
            case Credentials.ClientCredentials client -> {
                ObjectNode oauth = push.putObject("oauth");
                oauth.put("tokenUrl", client.tokenAddress().documentText());
                oauth.put("clientId", client.clientId());
                oauth.put("clientSecret", Secret.SHOWN);
                if (client.scope() != null) {
                    oauth.put("scope", client.scope());
                }
                oauth.put("placement", Fields.word(client.placement()));
            }
        }
    }

    /// The secrets by their paths, such as `push.headers.x-key`; those that are stars are not among
    /// them. To be kept where nobody reads, and never to be shown.
    public Map<String, String> secrets() {
        Map<String, String> secrets = new LinkedHashMap<>();
        DeliverySpec _ =
                mapSecrets((path, secret) -> {
                    if (!secret.isPlaceholder()) {
                        secrets.put(path, secret.reveal());
                    }
                    return secret;
                });
        return secrets;
    }

    /// The same with these secrets in the places of stars; stars without one stay.
    ///
    /// @param secrets by path, as [#secrets] gives them
    /// @throws io.millrace.error.MillraceException RESOURCE_INVALID if one cannot be what it is for
    public DeliverySpec withSecrets(Map<String, String> secrets) {
        return mapSecrets((path, secret) -> {
            String known = secrets.get(path);
            return secret.isPlaceholder() && known != null ? Secret.of(known) : secret;
        });
    }

    /// The paths of the secrets that are only stars; such a specification cannot be used.
    public List<String> missingSecrets() {
        List<String> missing = new ArrayList<>();
        DeliverySpec _ =
                mapSecrets((path, secret) -> {
                    if (secret.isPlaceholder()) {
                        missing.add(path);
                    }
                    return secret;
                });
        return missing;
    }

    /// The same with the secrets of the specification that it replaces in the places of stars.
    ///
    /// Secrets do not move to another server: whoever may change the URL without knowing the
    /// secrets could have them sent anywhere.
    ///
    /// @param before what is replaced; `null` if there is nothing
    /// @param problems where stars are reported that stand for nothing
    /// @return `null` if there are such
    public @Nullable DeliverySpec keepingSecretsOf(
            @Nullable DeliverySpec before, ProblemCollector problems) {
        boolean same = before != null && sendsSecretsWhere(before);
        DeliverySpec kept = same && before != null ? withSecrets(before.secrets()) : this;
        List<String> missing = kept.missingSecrets();
        for (String path : missing) {
            problems.add(
                    path,
                    before == null || same
                            ? "stands for a secret that exists, but there is none; give the secret"
                            : "stands for a secret that was given for another server; give it again");
        }
        return missing.isEmpty() ? kept : null;
    }

    private boolean sendsSecretsWhere(DeliverySpec before) {
        if (!address.sameServer(before.address)) {
            return false;
        }
        // A client's secret goes to the authorization server, and nowhere else.
        return !(credentials instanceof Credentials.ClientCredentials now)
                || !(before.credentials instanceof Credentials.ClientCredentials then)
                || now.tokenAddress().sameServer(then.tokenAddress());
    }

    private DeliverySpec mapSecrets(BiFunction<String, Secret, Secret> change) {
        Map<String, Secret> values = new LinkedHashMap<>();
        headers.forEach(
                (name, value) -> values.put(name, change.apply(PATH + ".headers." + name, value)));
        return new DeliverySpec(
                mapQuery(address, PATH + ".url", change),
                mode,
                limits,
                SinkHeaders.of(PATH + ".headers", values),
                mapCredentials(change),
                handshake,
                retry,
                deadLetter);
    }

    private Credentials mapCredentials(BiFunction<String, Secret, Secret> change) {
        return switch (credentials) {
            case Credentials.None none -> none;
            case Credentials.BearerToken(Secret token) ->
                    new Credentials.BearerToken(change.apply(PATH + ".bearer", token));
            case Credentials.ClientCredentials client ->
                    new Credentials.ClientCredentials(
                            mapQuery(client.tokenAddress(), PATH + ".oauth.tokenUrl", change),
                            client.clientId(),
                            change.apply(PATH + ".oauth.clientSecret", client.clientSecret()),
                            client.scope(),
                            client.placement());
        };
    }

    private static SinkAddress mapQuery(
            SinkAddress address, String path, BiFunction<String, Secret, Secret> change) {
        Secret query = address.query();
        return query == null ? address : address.withQuery(path, change.apply(path, query));
    }
}
