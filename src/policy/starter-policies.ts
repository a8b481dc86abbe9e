// What a new Sekisho starts with: enough to look around, and nobody sees a hidden column until somebody decides so.

export const starterPolicies = `// The policies of this gateway, in the Cedar language. Nothing is permitted unless a policy permits it,
// and a forbid always wins. Every policy needs an @id; the audit names it when it decides.
//
// Administrators may work on every target. Hidden columns stay hidden from them too, and an UPDATE or DELETE needs a condition
// that can leave rows out.
@id("administrators-work-everywhere")
@require_where("true")
permit (
  principal,
  action in
    [Action::"connect",
     Action::"select",
     Action::"insert",
     Action::"update",
     Action::"delete",
     Action::"define",
     Action::"administer",
     Action::"call",
     Action::"export",
     Action::"import"],
  resource
)
when { principal.role == "administrator" };

// Members of the group "analysts" may read what is tagged env=demo. Tables and columns carry the tags of their target.
@id("analysts-read-demo")
permit (
  principal in Group::"analysts",
  action in [Action::"connect", Action::"select"],
  resource
)
when { resource.hasTag("env") && resource.getTag("env") == "demo" };

// Members of the group "privacy-officers" may see hidden columns where other policies let them read.
@id("privacy-officers-reveal")
permit (
  principal in Group::"privacy-officers",
  action == Action::"reveal",
  resource
);
`
