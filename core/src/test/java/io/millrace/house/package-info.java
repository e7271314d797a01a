/// The rules of the house, as tests: how the code is written ([TidyRule]) and who may know whom
/// ([Walls]).
@NullMarked
package io.millrace.house;

import org.jspecify.annotations.NullMarked;
