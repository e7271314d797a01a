package io.millrace.gateway.kafka.share;

import io.millrace.gateway.kafka.group.OtherGroups;
import io.millrace.gateway.kafka.request.RequestHandler;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// The APIs of share groups, and what others ask of these groups. Thread-safe.
public final class ShareApi implements OtherGroups {
    private static final Duration TIDY_INTERVAL = Duration.ofSeconds(10);

    private final ShareGround ground;
    private final KnownGroups known;
    private final ShareSessions sessions;
    private final ShareMembership membership;
    private final ShareOffsets offsets;
    private final Map<ApiKeys, RequestHandler> handlers = new EnumMap<>(ApiKeys.class);

    /// Waits for what the table holds.
    public ShareApi(ShareGround ground, ShareSettings settings) {
        this.ground = ground;
        this.known = new KnownGroups(ground.table());
        this.sessions = new ShareSessions(settings.sessionsMax());
        ShareOpening opening = new ShareOpening(ground, settings, known);
        this.membership = new ShareMembership(ground, settings, opening, sessions);
        this.offsets = new ShareOffsets(ground, opening, membership, known);
        ShareFetching fetching = new ShareFetching(ground, opening, sessions);
        ShareAcknowledging acknowledging = new ShareAcknowledging(ground, sessions);
        ShareDescribing describing = new ShareDescribing(ground, membership, known);
        handlers.put(ApiKeys.SHARE_GROUP_HEARTBEAT, membership::handle);
        handlers.put(ApiKeys.SHARE_GROUP_DESCRIBE, describing::handle);
        handlers.put(ApiKeys.SHARE_FETCH, fetching::handle);
        handlers.put(ApiKeys.SHARE_ACKNOWLEDGE, acknowledging::handle);
        handlers.put(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, offsets::describe);
        handlers.put(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, offsets::alter);
        handlers.put(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, offsets::delete);
        tidyLater();
    }

    private void tidyLater() {
        var _ =
                ground.serial()
                        .after(
                                TIDY_INTERVAL,
                                () -> {
                                    sessions.tidy(ground.serial().nowMillis());
                                    tidyLater();
                                });
    }

    /// What answers each of these APIs.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.copyOf(handlers);
    }

    /// A connection is gone: the share sessions that were opened on it end. Never blocks.
    public void gone(long connection) {
        sessions.gone(connection);
    }

    /// Share sessions, and consumers without one that hold something.
    public int sessions() {
        return sessions.size();
    }

    @Override
    public boolean has(String groupId) {
        return known.contains(groupId) || membership.size(groupId) > 0;
    }

    @Override
    public List<ListedGroup> list() {
        TreeSet<String> ids = new TreeSet<>(known.all());
        ids.addAll(membership.live());
        return ids.stream()
                .map(id ->
                        new ListedGroup()
                                .setGroupId(id)
                                .setProtocolType("share")
                                .setGroupType("share")
                                .setGroupState(membership.size(id) > 0 ? "Stable" : "Empty"))
                .toList();
    }

    @Override
    public Errors delete(String groupId) {
        if (membership.size(groupId) > 0) {
            return Errors.NON_EMPTY_GROUP;
        }
        if (!known.contains(groupId)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        ground.serial().run(() -> offsets.deleteGroup(groupId));
        return Errors.NONE;
    }
}
