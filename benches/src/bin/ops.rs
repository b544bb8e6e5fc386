//! Does one operation so and so often, for a tool that counts instructions.

use benches::ops::Run;
use benches::plan::{Library, Operation};
use clap::{CommandFactory, Parser, error::ErrorKind};

/// Do one operation of one library so and so often.
#[derive(Parser)]
struct Arguments {
    library: Library,
    operation: Operation,
    /// Rounds of the measured loop.
    #[arg(long, default_value_t = 1)]
    iterations: usize,
    /// How many wait on an instance when a round starts.
    #[arg(long, default_value_t = 16)]
    waiters: usize,
    /// Instances to set up, for operations of which a round uses one up. Give two runs that are compared the
    /// same number [default: as many as iterations].
    #[arg(long)]
    instances: Option<usize>,
}

fn main() {
    let arguments = Arguments::parse();
    let Some(operation) = arguments.operation.on(arguments.library) else {
        let message = "this library has no such operation";
        Arguments::command().error(ErrorKind::InvalidValue, message).exit();
    };
    operation(Run {
        iterations: arguments.iterations,
        waiters: arguments.waiters,
        instances: arguments.instances.unwrap_or(arguments.iterations),
    });
}
