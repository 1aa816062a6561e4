"""The import contract that import-linter does not bring: nothing but the standard library."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnlyContract(Contract):
    """Modules that import nothing but themselves and the standard library, whatever gets installed later."""

    type_name = "standard_library_only"

    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # import-linter's signature
        del verbose
        own = {str(package) for package in self.modules}  # type: ignore[attr-defined]  # a configured list
        strangers = sorted(
            (importer, imported)
            for package in own
            for importer in {package, *graph.find_descendants(package)}
            for imported in graph.find_modules_directly_imported_by(importer)
            if (top := imported.partition(".")[0]) not in own and top not in sys.stdlib_module_names
        )
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["strangers"]:
            output.print_error(f"{importer} imports {imported}, which is not in the standard library.")
