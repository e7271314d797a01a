package io.millrace.house;

import java.util.List;

/// A rule of how the repository is written. Stateless.
public interface TidyRule {
    /// What is against the rule, each with its place; empty if nothing is.
    List<String> problems(Repository repository);
}
