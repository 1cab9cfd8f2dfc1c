from tests.processes import processes as processes
