package io.millrace.gateway.kafka.group;

import java.util.List;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/// Groups of other kinds, such as share groups, that have their ids in the same place. Thread-safe;
/// never blocks.
public interface OtherGroups {
    /// Whether a group of that id is one of these.
    boolean has(String groupId);

    List<ListedGroup> list();

    /// Deletes a group, soon.
    ///
    /// @return `NONE`, or NON_EMPTY_GROUP or GROUP_ID_NOT_FOUND
    Errors delete(String groupId);

    /// There are none.
    OtherGroups NONE =
            new OtherGroups() {
                @Override
                public boolean has(String groupId) {
                    return false;
                }

                @Override
                public List<ListedGroup> list() {
                    return List.of();
                }

                @Override
                public Errors delete(String groupId) {
                    return Errors.GROUP_ID_NOT_FOUND;
                }
            };
}
