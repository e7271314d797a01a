package io.millrace.query.sql.function;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.TypeInference;

/// Looks at arguments that are constants while a query is planned, so that a wrong one is reported
/// with the query and not by a job that runs already. What is no constant passes.
final class ConstantArguments implements InputTypeStrategy {
    private final InputTypeStrategy found;
    private final Consumer<CallContext> check;

    private ConstantArguments(InputTypeStrategy found, Consumer<CallContext> check) {
        this.found = found;
        this.check = check;
    }

    /// Adds the check to the types that Flink has read from the function's class. The check throws
    /// [CallContext#newValidationError].
    static TypeInference checked(TypeInference found, Consumer<CallContext> check) {
        return TypeInference.newBuilder()
                .inputTypeStrategy(new ConstantArguments(found.getInputTypeStrategy(), check))
                .stateTypeStrategies(found.getStateTypeStrategies())
                .outputTypeStrategy(found.getOutputTypeStrategy())
                .build();
    }

    /// The value of an argument that is there, is a constant and is not NULL.
    static <T> Optional<T> value(CallContext call, int argument, Class<T> type) {
        return argument < call.getArgumentDataTypes().size()
                        && call.isArgumentLiteral(argument)
                        && !call.isArgumentNull(argument)
                ? call.getArgumentValue(argument, type)
                : Optional.empty();
    }

    @Override
    public ArgumentCount getArgumentCount() {
        return found.getArgumentCount();
    }

    @Override
    public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
        Optional<List<DataType>> types = found.inferInputTypes(call, throwOnFailure);
        if (types.isPresent()) {
            check.accept(call);
        }
        return types;
    }

    @Override
    public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
        return found.getExpectedSignatures(definition);
    }
}
