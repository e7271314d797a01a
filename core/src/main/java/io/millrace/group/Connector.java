package io.millrace.group;

/// Has a cursor offered the events of its partition as they become readable.
@FunctionalInterface
public interface Connector {
    /// On the shard's thread: from now on every wanted event is given to [GroupCursor#offer].
    Connection connect(GroupCursor cursor);

    /// What was connected. The shard's thread.
    interface Connection {
        /// How many events of the group's contexts were not offered since the connection was made,
        /// because it does not want them.
        long notWanted();

        /// Offers nothing any more.
        void close();
    }
}
