package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.group.OtherGroups;
import io.millrace.gateway.kafka.share.ShareDirectory;
import io.millrace.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The share groups as the other groups see them.
///
/// The share groups' thread never waits for that of the other groups, so that waiting for it a
/// moment is safe.
record ShareNeighbours(ShareDirectory shares) implements OtherGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ShareNeighbours.class);
    private static final String TYPE = "share";
    private static final long WAIT_SECONDS_MAX = 5;

    @Override
    public boolean has(String groupId) {
        return shares.contains(groupId);
    }

    @Override
    public List<ListedGroup> list() {
        return wait(shares.list(), List.of()).stream()
                .map(group ->
                        new ListedGroup()
                                .setGroupId(group.groupId())
                                .setProtocolType(TYPE)
                                .setGroupState(group.state())
                                .setGroupType(TYPE))
                .toList();
    }

    @Override
    public Errors delete(String groupId) {
        return wait(shares.delete(Principal.LOCAL, groupId), Errors.COORDINATOR_NOT_AVAILABLE);
    }

    private static <T> T wait(CompletableFuture<T> answer, T otherwise) {
        try {
            return answer.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The share groups did not answer", e);
        }
        return otherwise;
    }
}
