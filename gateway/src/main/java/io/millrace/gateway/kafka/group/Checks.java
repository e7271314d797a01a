package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.state.GroupConfig;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What is looked at before a group is.
final class Checks {
    private final GroupConfig.Bounds bounds;

    Checks(GroupConfig config) {
        this.bounds = config.bounds();
    }

    /// @throws org.apache.kafka.common.errors.InvalidGroupIdException if it is empty or too long
    void groupId(@Nullable String id) {
        if (id == null || id.isEmpty() || isTooLong(id)) {
            throw Errors.INVALID_GROUP_ID.exception("the group's id is empty or too long");
        }
    }

    /// @throws org.apache.kafka.common.errors.InvalidGroupIdException if it is too long; only
    ///   offsets can be those of the group without a name
    void groupIdOrEmpty(@Nullable String id) {
        if (id == null || isTooLong(id)) {
            throw Errors.INVALID_GROUP_ID.exception("the group's id is too long");
        }
    }

    /// @throws org.apache.kafka.common.errors.InvalidRequestException if one of them is too long
    void names(@Nullable String... names) {
        for (String name : names) {
            if (name != null && isTooLong(name)) {
                throw Errors.INVALID_REQUEST.exception("a name is too long");
            }
        }
    }

    /// @throws org.apache.kafka.common.errors.InvalidRequestException if these are too many
    void memberBytes(long bytes) {
        if (bytes > bounds.memberBytes()) {
            throw Errors.INVALID_REQUEST.exception(
                    "a member's %d bytes are more than %d".formatted(bytes, bounds.memberBytes()));
        }
    }

    boolean isMetadataTooLong(@Nullable String metadata) {
        return metadata != null && metadata.length() > bounds.offsetMetadata();
    }

    private boolean isTooLong(String name) {
        return name.length() > bounds.nameBytes()
                || name.getBytes(StandardCharsets.UTF_8).length > bounds.nameBytes();
    }
}
